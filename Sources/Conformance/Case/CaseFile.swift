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
            besides: [
                "id", "proves", "title", "source", "leaves-open", "level", "core", "slow", "needs", "pods", "step",
            ],
            in: "a case")
        let id = table.required("id", remedy: "name the case, such as \"pod-network/same-node\"")
        if let id, !Self.isIdentifier(id.value) {
            reader.refuse(
                id.source, "\(Shown.quoted(id.value)) is not a case's id",
                remedy: "use lower-case words with '-' between letters and '/' between parts")
        }
        let title = table.required("title", remedy: "say in a sentence what the case proves")
        let proves = behaviours("proves", of: table)
        let steps = self.steps(of: table)
        var needs = LabNeeds(table.table("needs"))
        // Nobody but a service proxy answers for a Service's addresses.
        if needs.serviceProxy == nil, steps.contains(where: \.dialsService) { needs.serviceProxy = .any }
        // The DNS is behind a Service.
        if steps.contains(where: \.asksForNames) {
            (needs.dns, needs.serviceProxy) = (needs.dns ?? .any, needs.serviceProxy ?? .any)
        }
        guard let id, let title, let proves else { return nil }
        return ConformanceCase(
            id: id.value, proves: proves, title: title.value, source: table.string("source")?.value,
            leavesOpen: table.string("leaves-open")?.value,
            level: level(of: table), isCore: table.boolean("core")?.value ?? false,
            isSlow: table.boolean("slow")?.value ?? false, needs: needs,
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
        reader.refuse(
            text.source, "\(Shown.quoted(text.value)) is no level",
            remedy: "use M (required), P (as the profile answers) or I (observed)")
        return .required
    }

    /// A path of the file, relative to its directory.
    func resolve(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }
}
