import Addressing
import DNSMessage
import FoundationEssentials
import PacketCapture
import Runtime
import Topology

/// Questions for names.
extension CaseRunner {
    mutating func resolve(_ step: ResolveStep) async throws {
        guard let expected = expectedAnswer(step.expectation) else { return }
        var mark = await watch.mark()
        let verdicts = try await settle(step.keyPath, for: step.settle) { runner in
            mark = await runner.watch.mark()
            return try await runner.answers(step, expected)
        }
        packets += try await evidence(of: step, verdicts, since: mark)
    }

    /// What is expected; nil where a question is the profile's to answer, and it does not.
    private mutating func expectedAnswer(_ expectation: NameExpectation) -> ExpectedAnswer? {
        switch expectation {
        case .answer(let answer): return answer
        case .profile(let question, let answers):
            if let answer = profile?.answers[question], let expected = answers[answer] { return expected }
            result.unanswered.insert(question)
            return nil
        }
    }

    private func answers(_ step: ResolveStep, _ expected: ExpectedAnswer) async throws -> [GroupVerdict] {
        let placeholders = Placeholders(stage.model)
        var expected = expected
        // Of records that name something which the lab does not have there are none.
        expected.records = expected.records?.compactMap(placeholders.expand)
        guard let name = placeholders.expand(step.name) else {
            throw ConformanceError(
                "\(step.keyPath): the lab has no value for a placeholder of \(step.name)",
                remedy: "say in needs what it takes")
        }
        var verdicts: [GroupVerdict] = []
        for sender in stage.model.participants(step.from, fixtures: stage.pods) {
            let who = "\(sender.shortName) asks for \(name) \(step.type ?? "")"
            let answer: NameAnswer
            do {
                answer = try await ask(step, name, sender, placeholders)
            } catch {
                verdicts.append(
                    GroupVerdict(check: "resolve", keyPath: step.keyPath, isMet: nil, detail: "\(who): \(error)"))
                continue
            }
            let difference = answer.difference(from: expected)
            verdicts.append(
                GroupVerdict(
                    check: "resolve", keyPath: step.keyPath, isMet: difference == nil,
                    detail: "\(who): \(difference ?? answer.summary)"))
        }
        guard verdicts.isEmpty else { return verdicts }
        return [GroupVerdict(check: "resolve", keyPath: step.keyPath, isMet: false, detail: "nobody asked")]
    }

    private func ask(
        _ step: ResolveStep, _ name: String, _ sender: Participant, _ placeholders: Placeholders
    ) async throws -> NameAnswer {
        let (directories, directory) = (lab.directories, lab.directories.lab(lab.name))
        switch step.way {
        case .library:
            let target: ExecTarget =
                switch sender.kind {
                case .pod(let namespace, let name): .pod(namespace: namespace, name: name, container: nil)
                case .node(let name): .node(name)
                case .host(let name): .host(name)
                }
            let lookup = NameLookup(name: name, type: step.type)
            return try await OwnThread.run { try lookup.ask(in: target, directory, directories) }
        case .query(let options):
            let server = try nameServer(options, sender, placeholders, directory)
            guard let asked = Self.name(name), let type = RecordType(text: step.type ?? "A") else {
                throw ConformanceError("\(name) is no name", remedy: "check the case")
            }
            let query = NameQuery(server: server, question: Question(asked, type), options: options)
            let namespace = try await watch.namespace(of: sender)
            let answers = try await threads.forEach([query], in: { _ in namespace }) { query in
                Result { try query.ask() }
            }
            return try answers.first?.get() ?? NameAnswer(silence: "not asked")
        }
    }

    private static func name(_ text: String) -> DomainName? {
        IPAddress(text).map { DomainName(reverse: $0) } ?? DomainName(text)
    }

    /// The server that a case names, or the first one of the pod's resolver configuration.
    private func nameServer(
        _ options: NameQueryOptions, _ sender: Participant, _ placeholders: Placeholders, _ directory: LabDirectory
    ) throws -> IPAddress {
        if let server = options.server {
            guard let address = placeholders.expand(server).flatMap({ IPAddress($0) }) else {
                throw ConformanceError("\(server) is no address in this lab", remedy: "say in needs what it takes")
            }
            return address
        }
        guard case .pod(let namespace, let name) = sender.kind,
            let file = FileManager.default.contents(
                atPath: directory.pod(namespace: namespace, name: name).resolverConfiguration),
            let server = ResolverConfiguration(text: String(decoding: file, as: UTF8.self)).nameServers.first
        else {
            throw ConformanceError("\(sender.name) has no name server", remedy: "name one: server = \"…\"")
        }
        return server
    }

    // MARK: Evidence

    /// The packets to and from name servers meanwhile, with what they say.
    private func evidence(
        of step: ResolveStep, _ verdicts: [GroupVerdict], since mark: CaptureSession.Mark
    ) async throws -> [CommentedPacket] {
        let (captured, _) = try await watch.drained(since: mark)
        let details = verdicts.map { "\(step.keyPath): \($0.detail)" }
        var packets = captured.compactMap { packet -> CommentedPacket? in
            let frame = packet.frame.innermost
            guard let flow = frame.flow, flow.sourcePort == 53 || flow.destinationPort == 53 else { return nil }
            return CommentedPacket(packet, comments: [Self.text(of: packet, frame) ?? "\(flow)"])
        }
        if let last = packets.popLast() {
            packets.append(CommentedPacket(last.packet, comments: last.comments + details))
        }
        return packets
    }

    private static func text(of packet: CapturedPacket, _ frame: Frame) -> String? {
        guard frame.flow?.transport == .udp, frame.payload.upperBound <= packet.bytes.count,
            let message = try? Message(decoding: Array(packet.bytes[frame.payload])),
            let question = message.questions.first
        else { return nil }
        guard message.isResponse else { return "query \(message.id): \(question)" }
        return "answer \(message.id): \(question): \(NameAnswer(message, length: frame.payload.count).summary)"
    }
}
