import Addressing
import Glibc
import TestSupport
import Testing
import Topology

@testable import Conformance

/// Verdicts over packets made by hand.
@Suite struct FlowJudgeTests {
    private let there = PacketBuilder.udp(Sample.a, Sample.b, Sample.request)
    private let back = PacketBuilder.udp(Sample.b, Sample.a, "{}")

    private func builder() -> PacketBuilder { PacketBuilder(points: Sample.points) }

    @Test("a datagram and its answer, unchanged from veth to veth, are delivered, and the path shows the tunnel")
    func delivered() {
        var packets = builder()
        packets.passThere(there)
        packets.passBack(back)
        let verdict = Sample.verdict(Sample.flow(.udp(8080)), Sample.answered(), packets)
        #expect(verdict.outcome == .delivered(by: "pod/default/b", source: Sample.a.address))
        #expect(verdict.isMet == true)
        #expect(verdict.path == ["a eth0", "n1 cni0", "n1 eth0 (VXLAN)", "n2 eth0 (VXLAN)", "n2 cni0", "b eth0"])
        #expect(verdict.packets.count == 12)
        #expect(
            verdict.packets[2].comment.contains(
                "in VXLAN from 192.168.1.10 to 192.168.1.11, source and destination unchanged"))
        #expect(verdict.packets.last?.comment.contains("verdict on") == true)
    }

    @Test("a connection is followed by its addresses, its opening by its sequence number")
    func connection() {
        var packets = builder()
        packets.passThere(PacketBuilder.tcp(Sample.a, Sample.b, flags: 2, sequence: Sample.token.initialSequence))
        packets.passBack(PacketBuilder.tcp(Sample.b, Sample.a, flags: 18, sequence: 5))
        packets.passThere(
            PacketBuilder.tcp(
                Sample.a, Sample.b, flags: 24, sequence: 100, "GET /seen?id=\(ProbeToken(0xabc)) HTTP/1.1"))
        packets.passBack(PacketBuilder.tcp(Sample.b, Sample.a, flags: 24, sequence: 6, "HTTP/1.1 200 OK"))
        let verdict = Sample.verdict(Sample.flow(.tcp(8080)), Sample.answered(), packets)
        #expect(verdict.outcome.word == "delivered")
        #expect(verdict.notes.isEmpty)
    }

    @Test("a first SYN that was lost is told even though the second came through")
    func retransmission() {
        var packets = builder()
        packets.pass(
            PacketBuilder.tcp(Sample.a, Sample.b, flags: 2, sequence: Sample.token.initialSequence), at: ">a eth0",
            "n1 cni0")
        packets.passThere(PacketBuilder.tcp(Sample.a, Sample.b, flags: 2, sequence: Sample.token.initialSequence))
        packets.passBack(PacketBuilder.tcp(Sample.b, Sample.a, flags: 18, sequence: 5))
        let verdict = Sample.verdict(Sample.flow(.tcp(8080)), Sample.answered(), packets)
        #expect(verdict.outcome.word == "delivered")
        #expect(verdict.notes == ["the first attempt was lost: 2 SYNs were sent"])
    }

    @Test("an INIT that arrives is delivered whatever the receiver's kernel answers, and the answer is told")
    func sctp() {
        var packets = builder()
        let initiation = PacketBuilder.sctp(Sample.a, Sample.b, tag: ProbeToken(0xabc).initiateTag)
        packets.passThere(initiation)
        packets.passBack(
            PacketBuilder.unreachable(code: 2, from: Sample.b.address, to: Sample.a.address, quoting: initiation))
        let verdict = Sample.verdict(Sample.flow(.sctp(8080)), Sample.silent, packets)
        #expect(verdict.outcome == .delivered(by: "pod/default/b", source: Sample.a.address))
        #expect(verdict.notes == ["answered with ICMP protocol unreachable"])
    }

    @Test("a packet that does not arrive is dropped after the last place that saw it")
    func dropped() {
        var packets = builder()
        packets.pass(there, at: ">a eth0", "n1 cni0", ">n1 eth0+", "n2 eth0+")
        let verdict = Sample.verdict(Sample.flow(.udp(8080)), Sample.silent, packets, expected: .dropped)
        #expect(verdict.outcome == .dropped(PacketLoss(lastSeen: "n2 eth0 (VXLAN)", reachedReceiver: false)))
        #expect(verdict.isMet == true)
        #expect(!verdict.awaitsServer)
    }

    @Test("a request that arrives and is not answered was not kept from its receiver")
    func unanswered() {
        var packets = builder()
        packets.passThere(there)
        let verdict = Sample.verdict(Sample.flow(.udp(8080)), Sample.silent, packets, expected: .dropped)
        #expect(verdict.isMet == false)
        #expect(verdict.awaitsServer)
        guard case .dropped(let loss) = verdict.outcome else { return #expect(Bool(false), "\(verdict.outcome)") }
        #expect(loss.reachedReceiver && !loss.isReply)
    }

    @Test("an answer that is lost on its way is told from a request that is")
    func lostAnswer() {
        var packets = builder()
        packets.passThere(there)
        packets.pass(back, at: ">b eth0", "n2 cni0")
        let verdict = Sample.verdict(Sample.flow(.udp(8080)), Sample.silent, packets)
        #expect(verdict.outcome == .dropped(PacketLoss(isReply: true, lastSeen: "n2 cni0", reachedReceiver: true)))
        #expect(!verdict.awaitsServer)
    }

    @Test("a reset is a refusal by the place where it first appears, not by the address that it claims")
    func reset() {
        var packets = builder()
        packets.pass(
            PacketBuilder.tcp(Sample.a, Sample.b, flags: 2, sequence: Sample.token.initialSequence), at: ">a eth0",
            "n1 cni0")
        packets.pass(PacketBuilder.tcp(Sample.b, Sample.a, flags: 20, sequence: 0), at: ">n1 cni0", "a eth0")
        let verdict = Sample.verdict(
            Sample.flow(.tcp(8080)), ProbeResult(source: Sample.a, ending: .refused(ECONNREFUSED)), packets,
            expected: .refused)
        #expect(verdict.outcome == .refused(with: "RST", by: "n1 cni0 (10.244.2.3)"))
        #expect(verdict.isMet == true)
    }

    @Test("an ICMP error that quotes the probe is a refusal; one that quotes another packet is not")
    func icmpError() {
        var packets = builder()
        packets.pass(there, at: ">a eth0", "n1 cni0")
        let other = PacketBuilder.udp(Endpoint(Sample.a.address, 40001), Sample.b, "x")
        packets.pass(
            PacketBuilder.unreachable(code: 13, from: Sample.node1, to: Sample.a.address, quoting: other), at: "a eth0")
        #expect(Sample.verdict(Sample.flow(.udp(8080)), Sample.silent, packets).outcome.word == "dropped")
        packets.pass(
            PacketBuilder.unreachable(code: 13, from: Sample.node1, to: Sample.a.address, quoting: there),
            at: ">n1 cni0", "a eth0")
        let verdict = Sample.verdict(Sample.flow(.udp(8080)), Sample.silent, packets)
        #expect(verdict.outcome == .refused(with: "ICMP administratively prohibited", by: "n1 cni0 (192.168.1.10)"))
    }

    @Test("a source that is masqueraded on the way is found with the two places between which it changed")
    func masquerade() {
        var packets = builder()
        packets.pass(there, at: ">a eth0", "n1 cni0")
        let node = Endpoint(Sample.node1, 40000)
        packets.pass(PacketBuilder.udp(node, Sample.b, Sample.request), at: ">n1 eth0", "n2 eth0", ">n2 cni0", "b eth0")
        packets.pass(PacketBuilder.udp(Sample.b, node, "{}"), at: ">b eth0", "n2 cni0", ">n2 eth0", "n1 eth0")
        packets.pass(back, at: ">n1 cni0", "a eth0")
        let verdict = Sample.verdict(Sample.flow(.udp(8080)), Sample.answered(Sample.report(source: node)), packets)
        guard case .rewritten(let rewrites) = verdict.outcome else { return #expect(Bool(false), "\(verdict.outcome)") }
        #expect(rewrites.first?.changed == "192.168.1.10:40000 > 10.244.2.3:8080")
        #expect(rewrites.first?.after == "n1 cni0")
        #expect(rewrites.first?.at == "n1 eth0")
        #expect(verdict.packets.contains { $0.comment.contains("REWRITTEN") })
    }

    @Test("a connection's masquerade is found by the sequence number, with another port too")
    func masqueradedConnection() {
        var packets = builder()
        packets.pass(
            PacketBuilder.tcp(Sample.a, Sample.b, flags: 2, sequence: Sample.token.initialSequence), at: ">a eth0",
            "n1 cni0")
        packets.pass(
            PacketBuilder.tcp(Endpoint(Sample.node1, 1025), Sample.b, flags: 2, sequence: Sample.token.initialSequence),
            at: ">n1 eth0",
            "n2 eth0")
        #expect(Sample.verdict(Sample.flow(.tcp(8080)), Sample.silent, packets).outcome.word == "rewritten")
    }

    @Test("a masquerade that only the server saw is found by what it reports")
    func reportedMasquerade() {
        var packets = builder()
        packets.passThere(there)
        packets.passBack(back)
        let report = Sample.report(source: Endpoint(Sample.node1, 40000))
        #expect(Sample.verdict(Sample.flow(.udp(8080)), Sample.answered(report), packets).outcome.word == "rewritten")
    }

    @Test("an answer from another address than the dialled is no delivery")
    func strayAnswer() {
        var packets = builder()
        packets.passThere(there)
        packets.passBack(PacketBuilder.udp(Sample.c, Sample.a, "{}"))
        let verdict = Sample.verdict(Sample.flow(.udp(8080)), Sample.answered(from: Sample.c), packets)
        guard case .rewritten(let rewrites) = verdict.outcome else { return #expect(Bool(false), "\(verdict.outcome)") }
        #expect(rewrites.allSatisfy { $0.isReply })
    }

    @Test("a destination that is rewritten to another pod went to the wrong pod, with an answer and without")
    func wrongPod() {
        var packets = builder()
        packets.pass(there, at: ">a eth0", "n1 cni0", ">n1 eth0+", "n2 eth0+")
        packets.pass(PacketBuilder.udp(Sample.a, Sample.c, Sample.request), at: ">n2 cni0", "c eth0")
        #expect(
            Sample.verdict(Sample.flow(.udp(8080)), Sample.silent, packets).outcome == .answeredByWrongPod("c eth0"))
        let answered = Sample.verdict(Sample.flow(.udp(8080)), Sample.answered(Sample.report("c")), packets)
        #expect(answered.outcome == .answeredByWrongPod("pod/default/c"))
    }

    @Test("the right pod's wrong container is no delivery")
    func wrongContainer() {
        var packets = builder()
        packets.passThere(there)
        packets.passBack(back)
        var report = Sample.report()
        report.container = "other"
        #expect(Sample.verdict(Sample.flow(.udp(8080)), Sample.answered(report), packets).outcome.word == "wrong-pod")
    }

    @Test("a frame that a bridge floods past a pod did not go to that pod")
    func flooded() {
        var packets = builder()
        packets.passThere(there)
        packets.overhear(there, at: "c eth0")
        packets.passBack(back)
        #expect(Sample.verdict(Sample.flow(.udp(8080)), Sample.answered(), packets).outcome.word == "delivered")
    }

    @Test("a duplicate is told, and is no other outcome")
    func duplicate() {
        var packets = builder()
        packets.passThere(there)
        packets.pass(there, at: "b eth0")
        packets.passBack(back)
        let verdict = Sample.verdict(Sample.flow(.udp(8080)), Sample.answered(), packets)
        #expect(verdict.outcome.word == "delivered")
        #expect(verdict.notes == ["the request arrived 2 times"])
    }

    @Test("captures that are out of order in time give the same verdict")
    func reordered() {
        var packets = builder()
        packets.passThere(there)
        packets.passBack(back)
        let judge = FlowJudge(packets.packets.reversed(), points: Sample.points)
        let verdict = judge.verdict(Sample.flow(.udp(8080)), expected: .delivered, Sample.answered())
        #expect(verdict.outcome.word == "delivered")
        #expect(verdict.path.first == "a eth0" && verdict.path.last == "b eth0")
    }

    @Test("all fragments belong to the datagram of the first, and the last has to arrive")
    func fragments() {
        let flow = Sample.flow(.udp(8080), size: .payload(2000))
        var result = Sample.answered()
        result.interfaceMTU = 1450
        func fragment(_ range: Range<Int>, more: Bool) -> [UInt8] {
            let whole = PacketBuilder.udp(Sample.a, Sample.b, Sample.request + String(repeating: ".", count: 1979))
                .dropFirst(20)
            return PacketBuilder.ip(
                Sample.a.address, Sample.b.address, 17, Array(whole.dropFirst(range.lowerBound).prefix(range.count)),
                offset: range.lowerBound, more: more)
        }
        var packets = builder()
        packets.passThere(fragment(0..<1424, more: true))
        var silent = Sample.silent
        silent.interfaceMTU = 1450
        let half = Sample.verdict(flow, silent, packets)
        #expect(
            half.outcome
                == .dropped(PacketLoss(lastSeen: "b eth0", reachedReceiver: false, detail: "not all fragments arrived"))
        )
        packets.passThere(fragment(1424..<2008, more: false))
        packets.passBack(back)
        let verdict = Sample.verdict(flow, result, packets)
        #expect(verdict.outcome.word == "delivered")
        #expect(verdict.packets.count == 18)
    }

    @Test("a large datagram of which no fragment was seen proves nothing")
    func unfragmented() {
        var packets = builder()
        packets.passThere(there)
        packets.passBack(back)
        var result = Sample.answered()
        result.interfaceMTU = 1450
        #expect(
            Sample.verdict(Sample.flow(.udp(8080), size: .payload(2000)), result, packets).outcome.word
                == "inconclusive")
    }

    @Test("an error of the harness, a lossy capture and an unseen request are inconclusive, never blocked")
    func inconclusive() {
        var packets = builder()
        let broken = ProbeResult(source: nil, ending: .harness("too many open files"))
        #expect(Sample.verdict(Sample.flow(.udp(8080)), broken, packets, expected: .dropped).isMet == nil)
        #expect(Sample.verdict(Sample.flow(.udp(8080)), Sample.silent, packets, expected: .dropped).isMet == nil)
        packets.passThere(there)
        packets.passBack(back)
        let lossy = Sample.verdict(
            Sample.flow(.udp(8080)), Sample.answered(), packets, losses: ["the capture at b eth0 lost 3 packets"])
        #expect(lossy.isMet == nil)
        var unseen = builder()
        unseen.pass(there, at: ">a eth0")
        #expect(Sample.verdict(Sample.flow(.udp(8080)), Sample.answered(), unseen).isMet == nil)
        var untravelled = builder()
        untravelled.pass(there, at: ">a eth0", "b eth0")
        #expect(Sample.verdict(Sample.flow(.udp(8080)), Sample.answered(), untravelled).isMet == nil)
    }

    @Test("what the sender's own kernel refuses to send is lost before it leaves")
    func notSent() {
        let result = ProbeResult(source: nil, ending: .notSent(EPERM))
        let verdict = Sample.verdict(Sample.flow(.udp(8080)), result, builder())
        guard case .dropped(let loss) = verdict.outcome else { return #expect(Bool(false), "\(verdict.outcome)") }
        #expect(loss.lastSeen == nil && loss.detail?.contains("not permitted") == true)
    }

    @Test("a pod that sends from an address which is not its own is found out")
    func foreignSource() {
        let other = Endpoint(Sample.node1, 40000)
        var packets = builder()
        packets.passThere(PacketBuilder.udp(other, Sample.b, Sample.request))
        packets.passBack(PacketBuilder.udp(Sample.b, other, "{}"))
        var result = Sample.answered(Sample.report(source: other))
        result.source = other
        #expect(
            Sample.verdict(Sample.flow(.udp(8080)), result, packets, own: [other.address]).outcome.word == "rewritten")
    }

    @Test("a hostPort's rewriting is the one that is meant; one to another port is not")
    func hostPort() {
        var flow = Sample.flow(.udp(8080))
        flow.dialled = Endpoint(Sample.node2, 54321)
        flow.translator = Participant(NodeSpec(name: "node2", address: [Sample.node2]), lab: "lab")
        var packets = builder()
        packets.pass(
            PacketBuilder.udp(Sample.a, flow.dialled, Sample.request), at: ">a eth0", "n1 cni0", ">n1 eth0", "n2 eth0")
        packets.pass(there, at: ">n2 cni0", "b eth0")
        packets.pass(back, at: ">b eth0", "n2 cni0")
        packets.pass(PacketBuilder.udp(flow.dialled, Sample.a, "{}"), at: ">n2 eth0", "n1 eth0", ">n1 cni0", "a eth0")
        let verdict = Sample.verdict(flow, Sample.answered(from: flow.dialled), packets)
        #expect(verdict.outcome.word == "delivered")
        packets.pass(PacketBuilder.udp(Sample.a, Endpoint(Sample.b.address, 9), Sample.request), at: "b eth0")
        #expect(Sample.verdict(flow, Sample.answered(from: flow.dialled), packets).outcome.word == "rewritten")
    }

    @Test("a loopback that is down loses what is sent to it, and no capture is needed to tell")
    func deadLoopback() {
        var flow = Sample.flow(.udp(8080))
        flow.destination = .participant(flow.sender)
        flow.receivers[0].participant = flow.sender
        let points = Sample.points.filter { !$0.isLoopback }
        let verdict = Sample.verdict(flow, Sample.silent, PacketBuilder(points: points))
        #expect(verdict.outcome.word == "dropped")
    }

    @Test("pods that choose the same port on their loopbacks are told apart")
    func sameLoopbackPort() {
        let client = Endpoint(.loopback(.ipv4), 40000)
        let server = Endpoint(.loopback(.ipv4), 8080)
        var flow = Sample.flow(.udp(8080))
        flow.destination = .participant(flow.sender)
        flow.dialled = server
        flow.receivers = [Receiver(participant: flow.sender, container: "server", arrival: server)]
        let otherLoopback = ObservationPoint(
            name: "b lo", networkNamespace: "lab.default.b", owner: .pod, station: .zero, isLoopback: true)
        var packets = PacketBuilder(points: Sample.points + [otherLoopback])
        packets.pass(PacketBuilder.udp(client, server, "another pod's"), at: ">b lo", "b lo")
        packets.pass(PacketBuilder.udp(client, server, Sample.request), at: ">a lo", "a lo")
        packets.pass(PacketBuilder.udp(server, client, "{}"), at: ">a lo", "a lo", ">b lo", "b lo")
        var report = Sample.report("a", source: client)
        report.destination = server.address
        var result = Sample.answered(report, from: server)
        result.source = client
        let verdict = Sample.verdict(flow, result, packets, own: [Sample.a.address])
        #expect(verdict.outcome.word == "delivered", "\(verdict.outcome)")
    }

    @Test("random bytes in the captures never end the judge, nor make a delivery")
    func fuzz() {
        for seed in 1...200 {
            var generator = SeededGenerator(seed: UInt64(seed))
            var packets = builder()
            for _ in 0..<20 {
                var bytes = PacketBuilder.udp(Sample.a, Sample.b, Sample.request)
                for _ in 0..<Int.random(in: 0...6, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
                }
                bytes.removeLast(Int.random(in: 0..<bytes.count - 1, using: &generator))
                packets.pass(bytes, at: Sample.wayThere.randomElement(using: &generator) ?? "a eth0")
            }
            let verdict = Sample.verdict(Sample.flow(.udp(8080)), Sample.silent, packets)
            #expect(verdict.outcome.word != "delivered", "seed \(seed)")
        }
    }
}
