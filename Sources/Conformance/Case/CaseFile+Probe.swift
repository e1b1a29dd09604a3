import Addressing
import Topology

extension CaseFile {
    private static let commonKeys = ["from", "to", "where", "size", "df", "target", "families"]
    private static let probeKeys = ["protocol", "echo", "address", "through", "count", "source-port"]

    /// Reads a probe or a ping with its expectation.
    func probe(_ step: TableReader, kind: String) -> CaseStep? {
        guard let table = step.table(kind) else { return nil }
        let isPing = kind == "ping"
        table.refuseUnknownKeys(besides: Self.commonKeys + (isPing ? [] : Self.probeKeys), in: "a \(kind)")
        var probe = ProbeStep(
            from: selectors("from", of: table), to: destinations(of: table),
            protocols: isPing ? [.ping] : protocols(of: table), keyPath: step.value.path.description)
        probe.id = step.string("id")?.value
        probe.relation = choice("where", of: table) ?? .any
        probe.target = choice("target", of: table)
        if table["through"] != nil { probe.through = selectors("through", of: table) }
        probe.count = number("count", of: table, in: 1...1000, "probes of a pair") ?? 1
        probe.sourcePort = number("source-port", of: table, in: 1024...65535, "the port").map { UInt16($0) }
        probe.size = size(of: table)
        probe.dontFragment = table.boolean("df")?.value ?? false
        probe.isEchoed = table.boolean("echo")?.value ?? false
        probe.families = (table.strings("families") ?? []).compactMap { AddressFamily(named: $0, reader) }
        probe.expectation = expectation(of: step)
        probe.checks = checks(of: step)
        probe.settle = duration("settle", of: step)
        refuseContradictions(probe, table)
        return .probe(probe)
    }

    private func checks(of step: TableReader) -> GroupChecks {
        var checks = GroupChecks()
        checks.allEndpoints = step.boolean("all-endpoints")?.value ?? false
        checks.spread = step.boolean("spread")?.value ?? false
        checks.sameEndpoint = step.boolean("same-endpoint")?.value ?? false
        checks.sticksTo = step.string("sticks-to")?.value
        checks.movesFrom = step.string("moves-from")?.value
        return checks
    }

    private func number(_ key: String, of table: TableReader, in range: ClosedRange<Int>, _ what: String) -> Int? {
        guard let number = table.integer(key) else { return nil }
        guard range.contains(number.value) else {
            reader.refuse(
                number.source, "\(number.value) is out of range for \(what)",
                remedy: "use \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number.value
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
            case .participants(.nodes), .participants(.hosts), .participants(.node), .participants(.host): false
            default: true
            }
        }
        if !hasServer, probe.protocols != [.ping] {
            reader.refuse(
                table["to"] ?? table.value, "nodes and hosts have no server that would answer",
                remedy: "probe host-network-pods, or ping")
        }
        refuseContradictionsOfServices(probe, table)
    }

    private func refuseContradictionsOfServices(_ probe: ProbeStep, _ table: TableReader) {
        let isVirtual = probe.to.contains(where: \.isVirtual)
        if isVirtual, probe.protocols == [.ping] {
            reader.refuse(
                table["to"] ?? table.value, "a Service has no address that answers a ping", remedy: "probe its ports")
        }
        if isVirtual, !probe.to.allSatisfy(\.isVirtual) {
            reader.refuse(
                table["to"] ?? table.value, "Services and pods cannot be dialled in one step",
                remedy: "give each a step of its own")
        }
        if isVirtual, probe.relation != .any {
            reader.refuse(
                table["where"] ?? table.value, "a Service is on no node", remedy: "choose the senders under from")
        }
        if let target = probe.target, !probe.to.isEmpty, target.isOfService != isVirtual {
            reader.refuse(
                table["target"] ?? table.value,
                target.isOfService ? "only a Service has a \(target.rawValue)" : "a Service has no \(target.rawValue)",
                remedy: target.isOfService
                    ? "name one, as in to = \"service/web\""
                    : "use cluster-ip, node-port, external-ip or load-balancer-ip")
        }
        if probe.sourcePort != nil, probe.count > 1 {
            reader.refuse(
                table["source-port"] ?? table.value, "several probes from one port to one address are one flow",
                remedy: "leave count out")
        }
        if table["through"] != nil, !isVirtual {
            reader.refuse(
                table["through"] ?? table.value, "only a Service is reached through nodes", remedy: "leave it out")
        }
    }

    func selectors(_ key: String, of table: TableReader) -> [ParticipantSelector] {
        texts(key, of: table).compactMap(selector)
    }

    /// A text or a list of them, at least one.
    private func texts(_ key: String, of table: TableReader) -> [Located<String>] {
        guard let value = table[key] else {
            reader.refuse(
                at: table.value.path[key], position: table.value.position, "is missing",
                remedy: "name who, such as \"pods\"")
            return []
        }
        guard case .list = value.content else { return table.string(key).map { [$0] } ?? [] }
        let texts = table.strings(key) ?? []
        if texts.isEmpty { reader.refuse(value, "names nobody", remedy: "name who, such as \"pods\"") }
        return texts
    }

    /// Whom or what is dialled: under `to`, or addresses under `address`.
    private func destinations(of table: TableReader) -> [DestinationSelector] {
        if table["address"] != nil {
            if let to = table["to"] {
                reader.refuse(to, "an address is dialled already", remedy: "remove to, or address")
            }
            return texts("address", of: table).map { .address($0.value) }
        }
        return texts("to", of: table).compactMap(destination)
    }

    func destination(_ text: Located<String>) -> DestinationSelector? {
        if let selector = DestinationSelector(text.value) { return selector }
        _ = selector(text)
        return nil
    }

    func selector(_ text: Located<String>) -> ParticipantSelector? {
        if let selector = ParticipantSelector(text.value) { return selector }
        let near = Suggestion.nearest(to: text.value, among: ["pods", "host-network-pods", "nodes", "hosts"])
        reader.refuse(
            text.source, "\(Shown.quoted(text.value)) selects nothing",
            remedy: near.map { "did you mean \"\($0)\"?" }
                ?? "use pods, pods[key=value], host-network-pods, nodes, hosts, pod/NAME, node/NAME, host/NAME, and to dial service/NAME"
        )
        return nil
    }

    func protocols(of table: TableReader) -> [ProbeProtocol] {
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

    func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, of table: TableReader) -> Choice?
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
}
