import Addressing
import Topology

/// Reads a case file.
struct CaseFile {
    /// A behaviour's id: a letter for its part of the catalogue, and a number.
    static func isBehaviour(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else { return false }
        let digits = text.utf8.dropFirst()
        return (1...3).contains(digits.count)
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// The step kinds that the format knows and this version does not carry out yet.
    static let laterSteps = ["label", "scale", "restart", "fault", "resolve", "stream", "settle"]
    static let steps = ["apply", "delete", "probe", "ping"]

    let reader: DocumentReader
    /// The directory of the case file, which the paths in it are relative to.
    let directory: String

    /// Reads a case.
    /// - Throws: `LabFileError` with every problem of the file.
    static func read(_ file: SourceFile) throws(LabFileError) -> ConformanceCase {
        let reader = DocumentReader(file: file.path)
        let directory = file.path.lastIndex(of: "/").map { String(file.path[..<$0]) } ?? "."
        let root = try TOMLDocument.root(file)
        let parsed = TableReader(root, reader).flatMap {
            CaseFile(reader: reader, directory: directory).read($0, file.path)
        }
        guard let parsed, reader.diagnostics.isEmpty else { throw LabFileError(reader.diagnostics) }
        return parsed
    }

    private func read(_ table: TableReader, _ path: String) -> ConformanceCase? {
        table.refuseUnknownKeys(
            besides: ["id", "proves", "title", "source", "leaves-open", "level", "needs", "pods", "step"], in: "a case")
        let id = table.required("id", remedy: "name the case, such as \"pod-network/same-node\"")
        if let id, !Self.isIdentifier(id.value) {
            reader.refuse(
                id.source, "\(Shown.quoted(id.value)) is not a case's id",
                remedy: "use lower-case words with '-' between letters and '/' between parts")
        }
        let title = table.required("title", remedy: "say in a sentence what the case proves")
        let proves = behaviours("proves", of: table)
        let steps = self.steps(of: table)
        guard let id, let title, let proves else { return nil }
        return ConformanceCase(
            id: id.value, proves: proves, title: title.value, source: table.string("source")?.value,
            leavesOpen: table.string("leaves-open")?.value,
            level: level(of: table), needs: LabNeeds(table.table("needs")),
            pods: (table.strings("pods") ?? []).map { resolve($0.value) }, steps: steps, file: path)
    }

    /// `pod-network/same-node`: it becomes a directory of the evidence.
    static func isIdentifier(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard text.utf8.count <= 200 else { return false }
        return parts.allSatisfy { part in
            guard let first = part.utf8.first, let last = part.utf8.last, first != UInt8(ascii: "-"),
                last != UInt8(ascii: "-")
            else { return false }
            return part.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || $0 == UInt8(ascii: "-")
            }
        }
    }

    func behaviours(_ key: String, of table: TableReader) -> [String]? {
        guard table[key] != nil else {
            reader.refuse(
                at: table.value.path[key], position: table.value.position, "is missing",
                remedy: "list the ids of behaviours, such as [\"B1\"]")
            return nil
        }
        guard let list = table.strings(key) else { return nil }
        for item in list where !Self.isBehaviour(item.value) {
            reader.refuse(
                item.source, "\(Shown.quoted(item.value)) is not a behaviour's id",
                remedy: "use ids of behaviours.toml, such as B1")
        }
        return list.map(\.value)
    }

    private func level(of table: TableReader) -> ConformanceLevel {
        guard let text = table.string("level") else { return .required }
        if let level = ConformanceLevel(rawValue: text.value) { return level }
        if text.value == "P" {
            reader.refuse(
                text.source, "level P is not supported by this version: it needs a profile's answer",
                remedy: "use M (required) or I (observed)")
        } else {
            reader.refuse(
                text.source, "\(Shown.quoted(text.value)) is no level", remedy: "use M (required) or I (observed)")
        }
        return .required
    }

    /// A path of the file, relative to its directory.
    func resolve(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }

    // MARK: Steps

    private func steps(of table: TableReader) -> [CaseStep] {
        let tables = table.tables("step")
        if tables.isEmpty {
            reader.refuse(
                at: table.value.path["step"], position: table.value.position,
                "is missing: a case without steps proves nothing",
                remedy: "add a [[step]] with a probe")
        }
        let steps = tables.compactMap(step)
        let hasProbe = steps.contains { if case .probe = $0 { true } else { false } }
        if !tables.isEmpty, !hasProbe, reader.diagnostics.isEmpty {
            reader.refuse(
                at: table.value.path["step"], position: table.value.position, "has no probe: nothing would be proven",
                remedy: "add a [[step]] with probe or ping")
        }
        return steps
    }

    private func step(_ table: TableReader) -> CaseStep? {
        let later = Self.laterSteps.filter { table[$0] != nil }
        for kind in later {
            reader.refuse(
                at: table.value.path[kind], position: table[kind]?.position, "is not supported by this version",
                remedy: "use \(Self.steps.joined(separator: ", "))")
        }
        table.refuseUnknownKeys(besides: Self.steps + ["expect"] + Self.laterSteps, in: "a step")
        let kinds = Self.steps.filter { table[$0] != nil }
        guard kinds.count == 1, let kind = kinds.first else {
            if later.isEmpty {
                reader.refuse(
                    table.value,
                    kinds.isEmpty ? "does nothing" : "does several things: \(kinds.joined(separator: ", "))",
                    remedy: "give each [[step]] exactly one of \(Self.steps.joined(separator: ", "))")
            }
            return nil
        }
        switch kind {
        case "apply", "delete":
            if let expect = table["expect"] {
                reader.refuse(
                    expect, "an expectation without a probe is never checked", remedy: "move it to a probe's step")
            }
            guard let paths = table.strings(kind)?.map({ resolve($0.value) }) else { return nil }
            return kind == "apply" ? .apply(paths) : .delete(paths)
        default:
            return probe(table, kind: kind)
        }
    }
}

extension LabNeeds {
    /// Reads the table `needs`.
    init(_ table: TableReader?) {
        self.init()
        guard let table else { return }
        table.refuseUnknownKeys(besides: ["nodes", "hosts", "families", "pod-network"], in: "needs")
        nodes = table.integer("nodes")?.value ?? 0
        hosts = table.integer("hosts")?.value ?? 0
        families = (table.strings("families") ?? []).compactMap { AddressFamily(named: $0, table.reader) }
        guard let text = table.string("pod-network") else { return }
        podNetwork = PodNetworkKind(rawValue: text.value)
        if podNetwork == nil {
            let known = PodNetworkKind.allCases.map(\.rawValue).joined(separator: " or ")
            table.reader.refuse(text.source, "\(Shown.quoted(text.value)) is no pod network", remedy: "use \(known)")
        }
    }
}

extension AddressFamily {
    /// Reads `ipv4` or `ipv6`; anything else is reported.
    init?(named text: Located<String>, _ reader: DocumentReader) {
        switch text.value {
        case "ipv4": self = .ipv4
        case "ipv6": self = .ipv6
        default:
            reader.refuse(text.source, "\(Shown.quoted(text.value)) is no family", remedy: "use ipv4 or ipv6")
            return nil
        }
    }
}
