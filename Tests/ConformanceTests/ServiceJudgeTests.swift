import Addressing
import Glibc
import PacketCapture
import Testing
import Topology

@testable import Conformance

/// Verdicts over flows through a Service, made by hand:
///
///     a > 10.96.0.5:80  n1 cni0 │ the node rewrites │ n1 eth0 ~~ n2 eth0  n2 cni0  b eth0  10.244.2.3:8080
@Suite struct ServiceJudgeTests {
    private let sent = PacketBuilder.udp(Sample.a, Sample.service, Sample.request)
    private let led = PacketBuilder.udp(Sample.a, Sample.b, Sample.request)
    private let answer = PacketBuilder.udp(Sample.b, Sample.a, "{}")
    private let translatedAnswer = PacketBuilder.udp(Sample.service, Sample.a, "{}")
    private let hidden = Endpoint(Sample.bridge1, 61001)

    private func builder() -> PacketBuilder { PacketBuilder(points: Sample.points) }

    private func answered(_ report: ServerReport = Sample.report()) -> ProbeResult {
        Sample.answered(report, from: Sample.service)
    }

    /// A request and its answer, as they pass with a given form behind the node.
    private func pass(_ there: [UInt8], _ back: [UInt8], at receiver: String = "b eth0") -> PacketBuilder {
        var packets = builder()
        packets.pass(sent, at: ">a eth0", "n1 cni0")
        packets.pass(there, at: ">n1 eth0+", "n2 eth0+", ">n2 cni0", receiver)
        packets.pass(back, at: ">" + receiver, "n2 cni0", ">n2 eth0+", "n1 eth0+")
        packets.pass(translatedAnswer, at: ">n1 cni0", "a eth0")
        return packets
    }

    @Test("a destination that becomes an endpoint's on the node, and the source as it was, is what a Service does")
    func delivered() {
        let packets = pass(led, answer)
        let verdict = Sample.verdict(Sample.serviceFlow(.udp(80)), answered(), packets)
        #expect(verdict.outcome == .delivered(by: "pod/default/b", source: Sample.a.address))
        #expect(
            verdict.translation
                == "destination rewritten from 10.96.0.5:80 to 10.244.2.3:8080 between n1 cni0 and n1 eth0 (VXLAN), "
                + "as a Service does; source kept")
        #expect(verdict.packets.contains { $0.comment.hasSuffix("request at n1 cni0, as it was sent") })
        #expect(
            verdict.packets.contains {
                $0.comment.hasSuffix(
                    "request at b eth0, destination rewritten from 10.96.0.5:80 to 10.244.2.3:8080, as a Service does; source kept"
                )
            })
        #expect(verdict.lastSightings.keys.sorted { "\($0)" < "\($1)" } == [Sample.b])
    }

    @Test("any of the endpoints may receive, and only they")
    func endpoints() {
        let toC = PacketBuilder.udp(Sample.a, Sample.c, Sample.request)
        var report = Sample.report("c")
        report.destination = Sample.c.address
        let packets = pass(toC, PacketBuilder.udp(Sample.c, Sample.a, "{}"), at: "c eth0")
        #expect(Sample.verdict(Sample.serviceFlow(.udp(80)), answered(report), packets).deliveredTo == "pod/default/c")
        var flow = Sample.serviceFlow(.udp(80))
        flow.receivers.removeLast()
        #expect(Sample.verdict(flow, answered(report), packets).outcome == .answeredByWrongPod("pod/default/c"))
        #expect(Sample.verdict(flow, Sample.silent, packets).outcome == .answeredByWrongPod("c eth0"))
    }

    @Test("a source that is masqueraded where it has to be kept is rewritten, and the verdict says what was demanded")
    func masqueradedWhereKept() {
        let there = PacketBuilder.udp(hidden, Sample.b, Sample.request)
        let packets = pass(there, PacketBuilder.udp(Sample.b, hidden, "{}"))
        let verdict = Sample.verdict(Sample.serviceFlow(.udp(80)), answered(Sample.report(source: hidden)), packets)
        guard case .rewritten(let rewrites) = verdict.outcome else { return #expect(Bool(false), "\(verdict.outcome)") }
        #expect(rewrites.first?.demand == "the source had to be kept")
        #expect(rewrites.first?.after == "n1 cni0")
    }

    @Test(
        "a source that is kept where it has to be masqueraded is rewritten too, in captures and in the server's report")
    func keptWhereMasqueraded() {
        let flow = Sample.serviceFlow(.udp(80), source: .masqueraded)
        let verdict = Sample.verdict(flow, answered(), pass(led, answer))
        guard case .rewritten(let rewrites) = verdict.outcome else { return #expect(Bool(false), "\(verdict.outcome)") }
        #expect(rewrites.first?.demand == "the source had to be masqueraded to an address of node/node1")
        #expect(Sample.verdict(Sample.serviceFlow(.udp(80), source: .any), answered(), pass(led, answer)).isMet == true)
    }

    @Test("a masquerade is one of the translating node's addresses, with whatever port")
    func masqueraded() {
        func verdict(_ source: Endpoint) -> FlowVerdict {
            let there = PacketBuilder.udp(source, Sample.b, Sample.request)
            let packets = pass(there, PacketBuilder.udp(Sample.b, source, "{}"))
            return Sample.verdict(
                Sample.serviceFlow(.udp(80), source: .masqueraded), answered(Sample.report(source: source)), packets)
        }
        let own = verdict(hidden)
        #expect(own.outcome == .delivered(by: "pod/default/b", source: Sample.bridge1))
        #expect(
            own.translation?.hasSuffix(
                "source masqueraded from 10.244.1.5:40000 to 10.244.1.1:61001, an address of node/node1") == true)
        #expect(verdict(Endpoint(Sample.node2, 61001)).outcome.word == "rewritten")
    }

    @Test("a connection is followed through both rewritings by its first sequence number")
    func connection() {
        let flow = Sample.serviceFlow(.tcp(80), source: .masqueraded)
        func syn(_ source: Endpoint, _ destination: Endpoint) -> [UInt8] {
            PacketBuilder.tcp(source, destination, flags: 2, sequence: Sample.token.initialSequence)
        }
        var packets = builder()
        packets.pass(syn(Sample.a, Sample.service), at: ">a eth0", "n1 cni0")
        packets.pass(syn(hidden, Sample.b), at: ">n1 eth0+", "n2 eth0+", ">n2 cni0", "b eth0")
        packets.pass(
            PacketBuilder.tcp(Sample.b, hidden, flags: 18, sequence: 9), at: ">b eth0", "n2 cni0", ">n2 eth0+",
            "n1 eth0+")
        packets.pass(PacketBuilder.tcp(Sample.service, Sample.a, flags: 18, sequence: 9), at: ">n1 cni0", "a eth0")
        let verdict = Sample.verdict(flow, answered(Sample.report(source: hidden)), packets)
        #expect(verdict.outcome.word == "delivered", "\(verdict.outcome)")
        #expect(verdict.path.last == "b eth0")
    }

    @Test("an INIT is delivered where it arrives at an endpoint's port")
    func sctp() {
        let tag = Sample.token.initiateTag
        var packets = builder()
        packets.pass(PacketBuilder.sctp(Sample.a, Sample.service, tag: tag), at: ">a eth0", "n1 cni0")
        packets.pass(
            PacketBuilder.sctp(Sample.a, Sample.b, tag: tag), at: ">n1 eth0+", "n2 eth0+", ">n2 cni0", "b eth0")
        let verdict = Sample.verdict(Sample.serviceFlow(.sctp(80)), Sample.silent, packets)
        #expect(verdict.deliveredTo == "pod/default/b", "\(verdict.outcome)")
    }

    @Test("the right pod's wrong port is a wrong rewriting")
    func wrongPort() {
        let wrong = Endpoint(Sample.b.address, 9090)
        var packets = builder()
        packets.pass(sent, at: ">a eth0", "n1 cni0")
        packets.pass(
            PacketBuilder.udp(Sample.a, wrong, Sample.request), at: ">n1 eth0+", "n2 eth0+", ">n2 cni0", "b eth0")
        let verdict = Sample.verdict(Sample.serviceFlow(.udp(80)), Sample.silent, packets)
        guard case .rewritten(let rewrites) = verdict.outcome else { return #expect(Bool(false), "\(verdict.outcome)") }
        #expect(rewrites.first?.demand == "the destination had to become 10.244.2.3:8080 or 10.244.2.4:8080")
    }

    @Test("an answer that comes back under the endpoint's own address was not translated, and no answer to its sender")
    func untranslatedAnswer() {
        var packets = builder()
        packets.pass(sent, at: ">a eth0", "n1 cni0")
        packets.pass(led, at: ">n1 eth0+", "n2 eth0+", ">n2 cni0", "b eth0")
        packets.pass(answer, at: ">b eth0", "n2 cni0", ">n2 eth0+", "n1 eth0+", ">n1 cni0", "a eth0")
        let verdict = Sample.verdict(Sample.serviceFlow(.udp(80)), Sample.silent, packets)
        guard case .rewritten(let rewrites) = verdict.outcome else { return #expect(Bool(false), "\(verdict.outcome)") }
        #expect(rewrites.first?.isReply == true && rewrites.first?.demand == "it had to come from 10.96.0.5:80")
        // Where the way back leads round the node, being reached is all that is asked.
        var flow = Sample.serviceFlow(.udp(80))
        flow.receivers[0].isAnswered = false
        #expect(Sample.verdict(flow, Sample.silent, packets).deliveredTo == "pod/default/b")
    }

    @Test("a refusal quotes what was sent; one that quotes the endpoint reaches no socket, and is no refusal")
    func refusal() {
        var flow = Sample.serviceFlow(.udp(80))
        flow.receivers = []
        var packets = builder()
        packets.pass(sent, at: ">a eth0", "n1 cni0")
        var wrong = packets
        packets.pass(
            PacketBuilder.unreachable(code: 3, from: Sample.bridge1, to: Sample.a.address, quoting: sent),
            at: ">n1 cni0", "a eth0")
        let verdict = Sample.verdict(flow, Sample.silent, packets, expected: .refused)
        #expect(verdict.outcome == .refused(with: "ICMP port unreachable", by: "n1 cni0 (10.244.1.1)"))
        #expect(verdict.isMet == true)
        wrong.pass(led, at: ">n1 eth0+")
        wrong.pass(
            PacketBuilder.unreachable(code: 3, from: Sample.b.address, to: Sample.a.address, quoting: led),
            at: ">n1 cni0", "a eth0")
        let untranslated = Sample.verdict(Sample.serviceFlow(.udp(80)), Sample.silent, wrong)
        guard case .rewritten(let rewrites) = untranslated.outcome else {
            return #expect(Bool(false), "\(untranslated.outcome)")
        }
        #expect(rewrites.first?.demand == "an error has to quote what was sent")
    }

    @Test("a pod that reaches itself through a Service is seen going out as one flow and coming in as another")
    func hairpin() {
        var flow = Sample.serviceFlow(.udp(80), source: .masqueraded)
        flow.receivers = [
            Receiver(
                participant: flow.sender, container: "server", arrival: Endpoint(Sample.a.address, 8080),
                source: .masqueraded)
        ]
        let own = Endpoint(Sample.a.address, 8080)
        func verdict(_ source: Endpoint) -> FlowVerdict {
            var packets = builder()
            packets.pass(sent, at: ">a eth0", "n1 cni0")
            packets.pass(PacketBuilder.udp(source, own, Sample.request), at: ">n1 cni0", "a eth0")
            packets.pass(PacketBuilder.udp(own, source, "{}"), at: ">a eth0", "n1 cni0")
            packets.pass(translatedAnswer, at: ">n1 cni0", "a eth0")
            var report = Sample.report("a", source: source)
            report.destination = own.address
            return Sample.verdict(flow, answered(report), packets)
        }
        #expect(verdict(hidden).outcome == .delivered(by: "pod/default/a", source: Sample.bridge1))
        #expect(verdict(Sample.a).outcome.word == "rewritten")
        flow.receivers = [Sample.serviceFlow(.udp(80)).receivers[0]]
        #expect(verdict(Sample.a).outcome.word == "wrong-pod")
    }

    // MARK: Nodes

    /// A flow from node1 itself, which translates before any interface.
    private func nodeFlow(_ kind: ProbeProtocol) -> Flow {
        var flow = Sample.serviceFlow(kind, source: .any)
        if let node = flow.translator { flow.sender = node }
        return flow
    }

    @Test("a node translates before any interface, so that its packets are never seen as they were sent")
    func node() {
        let source = Endpoint(Sample.node1, 40000)
        var packets = builder()
        let syn = PacketBuilder.tcp(hidden, Sample.b, flags: 2, sequence: Sample.token.initialSequence)
        packets.pass(syn, at: ">n1 eth0+", "n2 eth0+", ">n2 cni0", "b eth0")
        packets.pass(
            PacketBuilder.tcp(Sample.b, hidden, flags: 18, sequence: 9), at: ">b eth0", "n2 cni0", ">n2 eth0+",
            "n1 eth0+")
        var result = answered(Sample.report(source: hidden))
        result.source = source
        let verdict = Sample.verdict(nodeFlow(.tcp(80)), result, packets, own: Sample.addresses1)
        #expect(verdict.outcome == .delivered(by: "pod/default/b", source: Sample.bridge1))
        #expect(verdict.translation?.contains("before n1 eth0 (VXLAN), as a Service does") == true)
    }

    @Test("what a node's own kernel drops was sent and came to no interface: lost, where a control is answered")
    func droppedAtSender() {
        let source = Endpoint(Sample.node1, 40000)
        let connecting = ProbeResult(source: source, ending: .silent, isConnecting: true)
        var flow = nodeFlow(.tcp(80))
        flow.receivers = []
        let verdict = Sample.verdict(flow, connecting, builder(), expected: .dropped, own: Sample.addresses1)
        guard case .dropped(let loss) = verdict.outcome else { return #expect(Bool(false), "\(verdict.outcome)") }
        #expect(loss.lastSeen == nil && loss.needsControl && verdict.isMet == true)
        let unknown = ProbeResult(source: source, ending: .silent)
        #expect(Sample.verdict(flow, unknown, builder(), expected: .dropped, own: Sample.addresses1).isMet == nil)
    }

    @Test("several outcomes may be right, and a rewriting or a wrong pod never is")
    func severalOutcomes() {
        let either = Expectation([.refused, .dropped])
        #expect(FlowOutcome.refused(with: "RST", by: "n1").meets(either) == true)
        #expect(FlowOutcome.dropped(PacketLoss(lastSeen: "n1", reachedReceiver: false)).meets(either) == true)
        #expect(FlowOutcome.delivered(by: "b", source: Sample.a.address).meets(either) == false)
        #expect(FlowOutcome.answeredByWrongPod("c").meets(Expectation(ExpectedOutcome.allCases)) == false)
        #expect(FlowOutcome.inconclusive("x").meets(either) == nil)
    }
}
