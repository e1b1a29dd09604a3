/// The lab file: TOML that describes a lab, with the manifests that it names.
public enum LabFile {
    /// Reads the text of a manifest by its path.
    public typealias ManifestReader = (_ path: String) throws -> SourceFile

    /// Reads and checks a lab file and its manifests, and adds the pods that its components are.
    /// - Parameter path: the file, at most 16 MiB of UTF-8. Paths of manifests are relative to its directory.
    /// - Returns: the spec, complete and valid.
    /// - Throws: `LabFileError` with every problem found.
    public static func read(_ path: String) throws(LabFileError) -> LabSpec {
        do {
            let file = try SourceFile.read(path)
            return try parse(file) { try SourceFile.read($0) }.addingClusterDNS(file: path)
        } catch let error as LabFileError {
            throw error
        } catch {
            throw LabFileError(SourceFileError.diagnostic(of: error, file: path))
        }
    }

    /// Checks a lab file that is at hand. Only the pods that it names are in the spec.
    /// - Parameters:
    ///   - text: the file's text.
    ///   - path: its path for messages; paths of manifests are made relative to its directory.
    ///   - manifests: gives the text of a manifest by its path. What it throws is reported as the entry's problem.
    /// - Returns: the spec, complete and valid.
    /// - Throws: `LabFileError` with every problem found.
    public static func parse(text: String, path: String, manifests: ManifestReader) throws(LabFileError) -> LabSpec {
        try parse(SourceFile(path: path, text: text), manifests)
    }

    private static func parse(_ file: SourceFile, _ manifests: ManifestReader) throws(LabFileError) -> LabSpec {
        let (root, sources) = try TOMLDocument.read(file.text, file: file.path)
        let reader = DocumentReader(file: file.path)
        guard var draft = LabFileReader.read(root, sources, reader) else { throw LabFileError(reader.diagnostics) }
        var list = ManifestList(of: file, reader)
        list.read(draft.manifests, manifests)
        draft.pods += list.pods
        draft.spec.objects = list.objects.map(\.object)
        let known = reader.diagnostics + list.diagnostics
        // Where ranges or nodes could not be read, what depends on them is not judged.
        func isKnown(_ keys: String...) -> Bool {
            !reader.refused.contains { path in keys.contains { path.overlaps(.root[$0]) } }
        }
        let result = LabResolution(
            draft, rangesKnown: isKnown("cluster", "underlay", "components"), nodesKnown: isKnown("node"))
        let more = result.problems.filter { problem in
            let place = result.sources.location(of: problem.path)
            return place.file != file.path || !reader.refused.contains { $0.overlaps(place.keyPath) }
        }
        let all = known + more.map(result.sources.diagnostic)
        guard all.isEmpty else { throw LabFileError(all) }
        return result.spec
    }
}

extension SourceFileError {
    static func diagnostic(of error: any Error, file: String) -> Diagnostic {
        let known = error as? SourceFileError ?? SourceFileError("cannot be read: \(error)", remedy: "check the file")
        return Diagnostic(file: file, message: known.message, remedy: known.remedy)
    }
}
