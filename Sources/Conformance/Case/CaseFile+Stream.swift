import Addressing
import Topology

/// Long flows, and health checks.
extension CaseFile {
    func stream(_ step: TableReader) -> CaseStep? {
        guard let table = step.table("stream") else { return nil }
        table.refuseUnknownKeys(
            besides: ["id", "from", "to", "protocol", "interval-ms", "fresh", "family"], in: "a stream")
        let id = table.required("id", remedy: "name the stream, so that it can be ended")
        let from = table.required("from", remedy: "name the sender, such as \"pod/a1\"").flatMap(selector)
        let to = table.required("to", remedy: "name whom to dial, such as \"service/web\"").flatMap(destination)
        let protocols = protocols(of: table)
        var interval = 10
        if let number = table.integer("interval-ms") {
            interval = number.value
            if !(1...1000).contains(interval) {
                reader.refuse(number.source, "\(interval) ms are no interval", remedy: "use 1 to 1000")
            }
        }
        guard let id, let from, let to, let kind = protocols.first else { return nil }
        if protocols.count > 1 || (kind.transport != .tcp && kind.transport != .udp) {
            reader.refuse(table["protocol"] ?? table.value, "a stream is one of tcp or udp", remedy: "name one")
        }
        return .stream(
            StreamStep(
                id: id.value, from: from, to: to, kind: kind, interval: .milliseconds(interval),
                isFresh: table.boolean("fresh")?.value ?? false,
                family: table.string("family").flatMap { AddressFamily(named: $0, reader) },
                keyPath: step.value.path.description))
    }

    func streamEnd(_ step: TableReader) -> CaseStep? {
        guard let table = step.table("stream-end") else { return nil }
        table.refuseUnknownKeys(besides: ["id"], in: "the end of a stream")
        guard let id = table.required("id", remedy: "name the stream"),
            let expectation = streamExpectation(of: step)
        else { return nil }
        return .streamEnd(
            StreamEndStep(id: id.value, expectation: expectation, keyPath: step.value.path.description))
    }

    private func streamExpectation(of step: TableReader) -> StreamExpectation? {
        let remedy = "write expect = \"unbroken\", or expect = { loss-ms = 100 }"
        guard let value = step["expect"] else {
            reader.refuse(
                at: step.value.path["expect"], position: step.value.position, "is missing: what would be proven?",
                remedy: remedy)
            return nil
        }
        if case .string(let text) = value.content {
            if text == "unbroken" { return .unbroken }
            reader.refuse(value, "\(Shown.quoted(text)) is nothing that becomes of a stream", remedy: remedy)
            return nil
        }
        guard let table = TableReader(value, reader) else { return nil }
        table.refuseUnknownKeys(besides: ["loss-ms"], in: "an expectation of a stream")
        guard let limit = table.integer("loss-ms") else {
            if table["loss-ms"] == nil { reader.refuse(value, "says nothing", remedy: remedy) }
            return nil
        }
        return .loss(atMost: .milliseconds(limit.value))
    }

    func health(_ step: TableReader) -> CaseStep? {
        guard let table = step.table("health") else { return nil }
        table.refuseUnknownKeys(besides: ["from", "service", "through"], in: "a health check")
        let from = selectors("from", of: table)
        let name = table.required("service", remedy: "name the Service whose healthCheckNodePort is asked")
        guard let name, let service = DestinationSelector("service/\(name.value)") else { return nil }
        let through = table["through"] == nil ? [.nodes] : selectors("through", of: table)
        return .health(
            HealthStep(
                from: from, service: service, through: through, expected: healthExpectation(of: step),
                settle: duration("settle", of: step), keyPath: step.value.path.description))
    }

    /// Nil for the oracle's answer.
    private func healthExpectation(of step: TableReader) -> [ParticipantSelector: Int]? {
        let remedy = "write expect = \"oracle\", or expect = { \"node/{node.1}\" = 200, nodes = 503 }"
        guard let value = step["expect"] else {
            reader.refuse(
                at: step.value.path["expect"], position: step.value.position, "is missing: what would be proven?",
                remedy: remedy)
            return nil
        }
        if case .string("oracle") = value.content { return nil }
        guard let entries = reader.entries(value) else { return nil }
        var expected: [ParticipantSelector: Int] = [:]
        for entry in entries {
            guard let selector = selector(Located(value: entry.key, source: entry.value)),
                let status = reader.integer(entry.value)
            else { continue }
            expected[selector] = status.value
        }
        if expected.isEmpty, reader.diagnostics.isEmpty {
            reader.refuse(value, "the table is empty: nothing would be proven", remedy: remedy)
        }
        return expected
    }
}
