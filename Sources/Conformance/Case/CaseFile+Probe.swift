import Addressing
import Topology

extension CaseFile {
    private static let commonKeys = ["from", "to", "where", "size", "df", "target", "families"]

    /// Reads a probe or a ping with its expectation.
    func probe(_ step: TableReader, kind: String) -> CaseStep? {
        guard let table = step.table(kind) else { return nil }
        let isPing = kind == "ping"
        table.refuseUnknownKeys(besides: Self.commonKeys + (isPing ? [] : ["protocol", "echo"]), in: "a \(kind)")
        var probe = ProbeStep(
            from: selectors("from", of: table), to: selectors("to", of: table),
            protocols: isPing ? [.ping] : protocols(of: table), keyPath: step.value.path.description)
        probe.relation = choice("where", of: table) ?? .any
        probe.target = choice("target", of: table) ?? .podIP
        probe.size = size(of: table)
        probe.dontFragment = table.boolean("df")?.value ?? false
        probe.isEchoed = table.boolean("echo")?.value ?? false
        probe.families = (table.strings("families") ?? []).compactMap { AddressFamily(named: $0, reader) }
        probe.expectation = expectation(of: step)
        refuseContradictions(probe, table)
        return .probe(probe)
    }

    private func refuseContradictions(_ probe: ProbeStep, _ table: TableReader) {
        if probe.target == .localhost, probe.relation != .itself {
            reader.refuse(
                table["target"] ?? table.value, "the loopback leads to the sender itself",
                remedy: "add where = \"self\"")
        }
        let isSized = probe.size != nil || probe.dontFragment
        let isStream = probe.protocols.contains { if case .udp = $0 { false } else { $0 != .ping } }
        if isSized, isStream {
            reader.refuse(
                table["size"] ?? table["df"] ?? table.value, "size and df are for udp and ping only",
                remedy: "probe tcp and sctp in a step of their own")
        }
        let isOnlyUDP = probe.protocols.allSatisfy { if case .udp = $0 { true } else { false } }
        if probe.isEchoed, !isOnlyUDP {
            reader.refuse(table["echo"] ?? table.value, "echo is for udp only", remedy: "remove the other protocols")
        }
        let hasServer = probe.to.allSatisfy { selector in
            switch selector {
            case .nodes, .hosts, .node, .host: false
            default: true
            }
        }
        if !hasServer, probe.protocols != [.ping] {
            reader.refuse(
                table["to"] ?? table.value, "nodes and hosts have no server that would answer",
                remedy: "probe host-network-pods, or ping")
        }
    }

    private func selectors(_ key: String, of table: TableReader) -> [ParticipantSelector] {
        guard let value = table[key] else {
            reader.refuse(
                at: table.value.path[key], position: table.value.position, "is missing",
                remedy: "name who, such as \"pods\"")
            return []
        }
        let texts: [Located<String>]
        if case .list = value.content {
            texts = table.strings(key) ?? []
            if texts.isEmpty { reader.refuse(value, "names nobody", remedy: "name who, such as \"pods\"") }
        } else {
            texts = table.string(key).map { [$0] } ?? []
        }
        return texts.compactMap(selector)
    }

    private func selector(_ text: Located<String>) -> ParticipantSelector? {
        if let selector = ParticipantSelector(text.value) { return selector }
        let near = Suggestion.nearest(to: text.value, among: ["pods", "host-network-pods", "nodes", "hosts"])
        reader.refuse(
            text.source, "\(Shown.quoted(text.value)) selects nothing",
            remedy: near.map { "did you mean \"\($0)\"?" }
                ?? "use pods, pods[key=value], host-network-pods, nodes, hosts, pod/NAME, node/NAME or host/NAME")
        return nil
    }

    private func protocols(of table: TableReader) -> [ProbeProtocol] {
        guard let value = table["protocol"] else {
            reader.refuse(
                at: table.value.path["protocol"], position: table.value.position, "is missing",
                remedy: "name protocols and ports, such as [\"tcp/8080\", \"udp/8080\"]")
            return []
        }
        let texts: [Located<String>]
        if case .string = value.content {
            texts = table.string("protocol").map { [$0] } ?? []
        } else {
            texts = table.strings("protocol") ?? []
        }
        if texts.isEmpty, case .list = value.content {
            reader.refuse(value, "is an empty list", remedy: "name protocols and ports, such as [\"tcp/8080\"]")
        }
        return texts.compactMap { text in
            if let known = ProbeProtocol(text.value) { return known }
            reader.refuse(
                text.source, "\(Shown.quoted(text.value)) is no protocol with a port",
                remedy: "write tcp/PORT, udp/PORT or sctp/PORT")
            return nil
        }
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, of table: TableReader) -> Choice?
    where Choice.RawValue == String {
        guard let text = table.string(key) else { return nil }
        if let choice = Choice(rawValue: text.value) { return choice }
        let known = Choice.allCases.map(\.rawValue)
        let near = Suggestion.nearest(to: text.value, among: known)
        reader.refuse(
            text.source, "\(Shown.quoted(text.value)) is none of the values of \(key)",
            remedy: near.map { "did you mean \"\($0)\"?" } ?? "use \(known.joined(separator: ", "))")
        return nil
    }

    private func size(of table: TableReader) -> ProbeSize? {
        guard let value = table["size"] else { return nil }
        if case .string(let text) = value.content {
            if text == "mtu" { return .mtu }
            reader.refuse(value, "\(Shown.quoted(text)) is no size", remedy: "write a number of bytes, or \"mtu\"")
            return nil
        }
        guard let number = table.integer("size") else { return nil }
        // The largest UDP payload over IPv4; the smallest holds a probe's identity.
        guard (64...65507).contains(number.value) else {
            reader.refuse(number.source, "\(number.value) bytes cannot be sent", remedy: "use 64 to 65507")
            return nil
        }
        return .payload(number.value)
    }

    // MARK: Expectations

    private func expectation(of step: TableReader) -> ProbeExpectation {
        guard let value = step["expect"] else {
            reader.refuse(
                at: step.value.path["expect"], position: step.value.position, "is missing: what would be proven?",
                remedy: "write expect = \"delivered\"")
            return .all(.delivered)
        }
        if case .string(let text) = value.content {
            return outcome(Located(value: text, source: value)).map { .all($0) } ?? .all(.delivered)
        }
        guard let rows = reader.entries(value) else { return .all(.delivered) }
        var table: [ExpectedPair: ExpectedOutcome] = [:]
        for row in rows {
            guard let from = selector(Located(value: row.key, source: row.value)), let cells = reader.entries(row.value)
            else { continue }
            for cell in cells {
                guard let to = selector(Located(value: cell.key, source: cell.value)),
                    let text = reader.string(cell.value),
                    let outcome = outcome(text)
                else { continue }
                table[ExpectedPair(from: from, to: to)] = outcome
            }
        }
        if table.isEmpty, reader.diagnostics.isEmpty {
            reader.refuse(value, "the table is empty: nothing would be proven", remedy: "write expect = \"delivered\"")
        }
        return .table(table)
    }

    private func outcome(_ text: Located<String>) -> ExpectedOutcome? {
        if let outcome = ExpectedOutcome(rawValue: text.value) { return outcome }
        let known = ExpectedOutcome.allCases.map(\.rawValue)
        if text.value == "oracle" {
            reader.refuse(
                text.source, "the oracle is not part of this version: what is expected has to be said",
                remedy: "use \(known.joined(separator: ", ")), or a table of senders by receivers")
        } else {
            let near = Suggestion.nearest(to: text.value, among: known)
            reader.refuse(
                text.source, "\(Shown.quoted(text.value)) is no outcome",
                remedy: near.map { "did you mean \"\($0)\"?" } ?? "use \(known.joined(separator: ", "))")
        }
        return nil
    }
}
