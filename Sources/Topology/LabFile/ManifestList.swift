/// Reads the manifests that a lab file names.
struct ManifestList {
    private(set) var objects: [ManifestObject] = []
    private(set) var pods: [PodManifest] = []
    /// The problems inside the manifests; those of the list are reported to the reader.
    private(set) var diagnostics: [Diagnostic] = []
    private let lab: SourceFile
    private let reader: DocumentReader
    /// Which entry named a file first.
    private var seen: [String: String] = [:]

    init(of lab: SourceFile, _ reader: DocumentReader) {
        self.lab = lab
        self.reader = reader
    }

    /// Reads every entry, each file once.
    mutating func read(_ entries: [Located<String>], _ read: LabFile.ManifestReader) {
        for entry in entries {
            if let fault = fault(of: entry.value) {
                reader.refuse(entry.source, fault.message, remedy: fault.remedy)
                continue
            }
            do {
                let file = try read(path(of: entry.value))
                if let fault = note(file, entry.value) {
                    reader.refuse(entry.source, fault.message, remedy: fault.remedy)
                } else {
                    let more = try ManifestFile.objects(text: file.text, file: file.path)
                    objects += more
                    pods += try ManifestFile.pods(of: more)
                }
            } catch let error as LabFileError {
                diagnostics += error.diagnostics
            } catch {
                let problem = SourceFileError.diagnostic(of: error, file: entry.value)
                reader.refuse(
                    entry.source, "the manifest \(Shown.quoted(entry.value)): \(problem.message)",
                    remedy: problem.remedy)
            }
        }
        // The Pods among them are judged where they are placed.
        diagnostics += ManifestFile.duplicates(in: objects.filter { $0.type != .pods })
    }

    /// The path of an entry, which is relative to the lab file's directory.
    private func path(of entry: String) -> String {
        guard !entry.hasPrefix("/"), let slash = lab.path.lastIndex(of: "/") else { return entry }
        return lab.path[...slash] + entry
    }

    private func fault(of entry: String) -> SourceFileError? {
        if entry.isEmpty {
            return SourceFileError("the entry is empty", remedy: "name a YAML file, relative to the lab file")
        }
        guard entry.lowercased().hasSuffix(".toml") else { return nil }
        return SourceFileError(
            "\(Shown.quoted(entry)) is a lab file, and a lab file cannot apply another",
            remedy: "name a YAML manifest")
    }

    private mutating func note(_ file: SourceFile, _ entry: String) -> SourceFileError? {
        if file.identity == lab.identity {
            return SourceFileError(
                "\(Shown.quoted(entry)) is this lab file itself: the list goes in a circle",
                remedy: "name a YAML manifest")
        }
        guard let first = seen.updateValue(entry, forKey: file.identity) else { return nil }
        let same = first == entry ? "is listed twice" : "is the same file as \(Shown.quoted(first))"
        return SourceFileError("\(Shown.quoted(entry)) \(same)", remedy: "list each manifest once")
    }
}
