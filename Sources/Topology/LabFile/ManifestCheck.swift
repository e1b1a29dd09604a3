import KubernetesModel

/// Checks an object of a manifest as the API server would, before anything is asked of it.
struct ManifestCheck {
    private(set) var diagnostics: [Diagnostic] = []
    private let manifest: ManifestObject

    init(_ manifest: ManifestObject) {
        self.manifest = manifest
        if checkTypes() { checkValues() }
    }

    /// Whether every known field has its type.
    private mutating func checkTypes() -> Bool {
        let type = manifest.type
        let findings = type.misfits(in: manifest.object.value)
        for fault in findings.wrongTypes {
            diagnostics.append(manifest.diagnostic(field: fault.field, fault.detail))
        }
        for field in findings.unknownFields {
            let (parent, known) = type.fieldNames(beside: field)
            let word = String(field.dropFirst(parent.isEmpty ? 0 : parent.utf8.count + 1))
            let near = Self.nearest(to: word, among: known)
            let owner = parent.isEmpty ? "a \(type.kind)" : parent
            diagnostics.append(
                manifest.diagnostic(
                    field: field, "unknown field \(Shown.quoted(field))",
                    remedy: near.map { "did you mean \"\($0)\"?" }
                        ?? "the fields of \(owner) are \(known.sorted().joined(separator: ", "))"))
        }
        return findings.wrongTypes.isEmpty
    }

    /// The nearest known word, whatever the case of its letters.
    private static func nearest(to word: String, among known: [String]) -> String? {
        let lower = known.map { $0.lowercased() }
        return Suggestion.nearest(to: word, among: lower).flatMap { lower.firstIndex(of: $0) }.map { known[$0] }
    }

    private mutating func checkValues() {
        if manifest.object.name.isEmpty, let prefix = manifest.object["metadata", "generateName"], !prefix.isNull {
            diagnostics.append(
                manifest.diagnostic(
                    field: "metadata.generateName", "cannot use generate name with apply", remedy: "write metadata.name"
                ))
            return
        }
        guard var object = try? manifest.type.decode(manifest.object.value).object else { return }
        manifest.type.applyDefaults(to: &object)
        diagnostics += manifest.type.faults(of: object).map { manifest.diagnostic(field: $0.field, $0.message) }
    }
}
