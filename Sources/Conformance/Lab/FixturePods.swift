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

    /// Replaces placeholders. A document that is left out leaves its empty lines, so that places in messages stay right.
    func expanded(_ text: String) -> String {
        var documents: [[Substring]] = [[]]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "---" { documents.append([]) } else { documents[documents.count - 1].append(line) }
        }
        let texts = documents.map { lines in
            placeholders.expand(lines.joined(separator: "\n"))
                ?? String(repeating: "\n", count: max(0, lines.count - 1))
        }
        return texts.joined(separator: "\n---\n")
    }
}
