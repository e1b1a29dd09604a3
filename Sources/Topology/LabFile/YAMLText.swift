public import KubernetesModel

/// YAML as JSON.
public enum YAMLText {
    /// The documents of a text that are not empty.
    /// - Throws: `LabFileError` where it is no YAML, or its aliases would expand without bound.
    public static func documents(of text: String) throws(LabFileError) -> [JSONValue] {
        try YAMLDocument.read(text, file: nil).filter { if case .null = $0.content { false } else { true } }.map(\.json)
    }
}
