import Topology

/// Steps that ask for names.
extension CaseFile {
    func resolve(_ step: TableReader) -> CaseStep? {
        guard let table = step.table("resolve") else { return nil }
        table.refuseUnknownKeys(
            besides: ["from", "name", "type", "through", "over", "edns", "server"], in: "a question for a name")
        let from = selectors("from", of: table)
        let name = table.required("name", remedy: "say what is asked for, such as \"web\"")
        let type = table.string("type")
        if let type, !Self.types.contains(type.value) {
            reader.refuse(
                type.source, "\(Shown.quoted(type.value)) is no type of record that can be asked for",
                remedy: "use \(Self.types.joined(separator: ", "))")
        }
        let isLibrary = isThroughLibrary(table)
        guard let expectation = nameExpectation(of: step, isLibrary: isLibrary), let name else { return nil }
        if isLibrary {
            if let type, !["A", "AAAA", "PTR"].contains(type.value) {
                reader.refuse(
                    type.source, "the C library finds addresses and their names", remedy: "use A, AAAA or PTR")
            }
            for key in ["over", "edns", "server"] {
                if let value = table[key] { reader.refuse(value, "is for queries", remedy: "remove it") }
            }
        } else if type == nil {
            reader.refuse(
                at: table.value.path["type"], position: table.value.position, "is missing: a query is for one type",
                remedy: "write type = \"A\"")
        }
        return .resolve(
            ResolveStep(
                from: from, name: name.value, type: type?.value,
                way: isLibrary ? .library : .query(queryOptions(table)), expectation: expectation,
                settle: duration("settle", of: step), keyPath: step.value.path.description))
    }

    private static let types = ["A", "AAAA", "CNAME", "NS", "PTR", "SOA", "SRV", "TXT"]
    private static let codes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"]

    private func isThroughLibrary(_ table: TableReader) -> Bool {
        guard let way = table.string("through") else { return true }
        if !["libc", "query"].contains(way.value) {
            reader.refuse(
                way.source, "\(Shown.quoted(way.value)) is no way to ask",
                remedy: "use \"libc\" (the default), or \"query\"")
        }
        return way.value != "query"
    }

    private func queryOptions(_ table: TableReader) -> NameQueryOptions {
        let over = table.string("over")
        if let over, !["udp", "tcp"].contains(over.value) {
            reader.refuse(over.source, "\(Shown.quoted(over.value)) carries no DNS", remedy: "use \"udp\" or \"tcp\"")
        }
        var size: UInt16?
        if let number = table.integer("edns") {
            size = UInt16(exactly: number.value)
            if size == nil { reader.refuse(number.source, "is no size of a datagram", remedy: "use 512 to 65535") }
        }
        return NameQueryOptions(
            isOverTCP: over?.value == "tcp", payloadSize: size, server: table.string("server")?.value)
    }

    // MARK: Expectations

    private func nameExpectation(of step: TableReader, isLibrary: Bool) -> NameExpectation? {
        guard let value = step["expect"] else {
            reader.refuse(
                at: step.value.path["expect"], position: step.value.position, "is missing: what would be proven?",
                remedy: "write expect = { records = [\"A 10.96.0.10\"] }")
            return nil
        }
        guard let table = TableReader(value, reader) else { return nil }
        guard let question = table.string("profile") else { return .answer(answer(table, isLibrary: isLibrary)) }
        var answers: [String: ExpectedAnswer] = [:]
        for entry in reader.entries(value) ?? [] where entry.key != "profile" {
            answers[entry.key] = TableReader(entry.value, reader).map { answer($0, isLibrary: isLibrary) }
        }
        if !ProfileFile.isQuestion(question.value) || answers.isEmpty {
            reader.refuse(
                value, "asks a profile nothing",
                remedy: "write profile = \"dns.pod-records\" and an expectation for each of its answers")
        }
        return .profile(question.value, answers)
    }

    private func answer(_ table: TableReader, isLibrary: Bool) -> ExpectedAnswer {
        let ofQueries = ["code", "truncated", "longest", "ttl", "authority"]
        table.refuseUnknownKeys(besides: ["records", "count"] + (isLibrary ? [] : ofQueries), in: "an expected answer")
        var answer = ExpectedAnswer()
        answer.records = table.strings("records")?.map(\.value)
        answer.count = table.integer("count")?.value
        answer.isTruncated = table.boolean("truncated")?.value
        answer.longest = table.integer("longest")?.value
        answer.hasAuthority = table.boolean("authority")?.value
        if let code = table["code"] {
            let texts = code.isList ? reader.strings(code) ?? [] : [table.string("code")].compactMap(\.self)
            for text in texts where !Self.codes.contains(text.value) {
                reader.refuse(
                    text.source, "\(Shown.quoted(text.value)) is no response code",
                    remedy: "use \(Self.codes.joined(separator: ", "))")
            }
            answer.codes = texts.map(\.value)
        }
        if let value = table["ttl"] {
            let bounds = (reader.list(value) ?? []).compactMap { reader.integer($0)?.value }
            if bounds.count == 2, bounds[0] <= bounds[1] {
                answer.timeToLive = bounds[0]...bounds[1]
            } else {
                reader.refuse(value, "is no range of seconds", remedy: "write ttl = [1, 30]")
            }
        }
        if answer == ExpectedAnswer(), reader.diagnostics.isEmpty {
            reader.refuse(table.value, "says nothing", remedy: "write records = [], or what has to be there")
        }
        return answer
    }
}

extension DocumentValue {
    fileprivate var isList: Bool { if case .list = content { true } else { false } }
}
