import Topology

/// The pods of a manifest on a given lab. Documents that name something which the lab does not have are left out: the
/// pods of a second node on a lab with one.
struct FixturePods {
    let placeholders: Placeholders

    /// Reads a manifest.
    /// - Throws: `LabFileError` with every problem of the file.
    func read(_ path: String) throws(LabFileError) -> [PodManifest] {
        try ManifestFile.pods(text: text(path), file: path, namespace: LabModel.fixtureNamespace)
    }

    /// Reads a manifest of any objects.
    /// - Throws: `LabFileError` with every problem of the file.
    func objects(_ path: String) throws(LabFileError) -> [ManifestObject] {
        try ManifestFile.objects(text: text(path), file: path, namespace: LabModel.fixtureNamespace)
    }

    private func text(_ path: String) throws(LabFileError) -> String {
        do {
            return expanded(try SourceFile.read(path).text)
        } catch {
            throw LabFileError([Diagnostic(file: path, message: error.message, remedy: error.remedy)])
        }
    }

    /// Replaces placeholders. An item of a list that is one line is left out where the lab has no value for it, such as an
    /// address of a family that it does not have; else the document is. What is left out leaves its empty lines, so that
    /// places in messages stay right.
    func expanded(_ text: String) -> String {
        var documents: [[Substring]] = [[]]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "---" { documents.append([]) } else { documents[documents.count - 1].append(line) }
        }
        return documents.map(expanded).joined(separator: "\n---\n")
    }

    private func expanded(_ document: [Substring]) -> String {
        var lines: [String] = []
        for (number, line) in document.enumerated() {
            if let whole = placeholders.expand(String(line)) {
                lines.append(whole)
            } else if Self.isWholeItem(line, before: document[(number + 1)...]) {
                lines.append("")
            } else {
                return String(repeating: "\n", count: max(0, document.count - 1))
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Whether a line is an item of a list, and nothing of it follows.
    private static func isWholeItem(_ line: Substring, before rest: ArraySlice<Substring>) -> Bool {
        func indentation(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }
        guard line.drop(while: { $0 == " " }).hasPrefix("- ") else { return false }
        guard let next = rest.first(where: { !$0.allSatisfy { $0 == " " } }) else { return true }
        return indentation(next) <= indentation(line)
    }
}
