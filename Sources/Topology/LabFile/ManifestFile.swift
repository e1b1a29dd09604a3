/// Reads the Kubernetes manifests that a lab applies.
public enum ManifestFile {
    /// The pods of a manifest: documents of apiVersion v1 and kind Pod, PodList or List. Fields that a network lab
    /// has no use for are ignored. The annotation `lab/address` pins addresses. Nothing is placed or checked against
    /// a lab; `LabSpec.adding(pods:)` does that.
    /// - Parameters:
    ///   - text: the YAML (or JSON) text.
    ///   - file: the file's name for messages.
    ///   - namespace: the namespace of pods that name none.
    /// - Throws: `LabFileError` with every problem found.
    public static func pods(text: String, file: String?, namespace: String = "default") throws(LabFileError)
        -> [PodManifest]
    {
        let documents = try YAMLDocument.read(text, file: file)
        let reader = DocumentReader(file: file)
        var pods: [PodManifest] = []
        for (index, document) in documents.enumerated() {
            if case .null = document.content { continue }
            var objects = ManifestObjects(reader: reader, number: index + 1, namespace: namespace)
            objects.read(document)
            pods += objects.pods
        }
        guard reader.diagnostics.isEmpty else { throw LabFileError(reader.diagnostics) }
        return pods
    }
}

/// Reads the objects of one document.
private struct ManifestObjects {
    let reader: DocumentReader
    /// The document's place in the file, from 1.
    let number: Int
    let namespace: String
    private(set) var pods: [PodManifest] = []

    init(reader: DocumentReader, number: Int, namespace: String) {
        self.reader = reader
        self.number = number
        self.namespace = namespace
    }

    mutating func read(_ document: DocumentValue) {
        guard let object = TableReader(document, reader), let kind = kind(of: object) else { return }
        switch kind {
        case "Pod": read(pod: object)
        case "List", "PodList":
            guard object["items"] != nil else {
                reader.refuse(document, "a \(kind) needs items", remedy: "list the Pods under items")
                return
            }
            for item in object.tables("items") { read(item: item, of: kind) }
        default: refuse(kind, object)
        }
    }

    private mutating func read(item: TableReader, of list: String) {
        // The items of a PodList may leave their kind out, as the API server sends them.
        let isBare = list == "PodList" && item["kind"] == nil && item["apiVersion"] == nil
        guard let kind = isBare ? "Pod" : kind(of: item) else { return }
        if kind == "Pod" { read(pod: item) } else { refuse(kind, item) }
    }

    private mutating func read(pod object: TableReader) {
        guard let pod = PodReader.pod(object, namespace: namespace) else { return }
        pods.append(pod)
    }

    /// The kind of an object, or nil, with the problem reported, where it has none or no known version.
    private func kind(of object: TableReader) -> String? {
        guard let kind = object.required("kind", remedy: "write kind: Pod"),
            let version = object.required("apiVersion", remedy: "write apiVersion: v1")
        else { return nil }
        guard ["Pod", "PodList", "List"].contains(kind.value), version.value != "v1" else { return kind.value }
        reader.refuse(
            version.source, "\(Shown.quoted(version.value)) is not the version of \(kind.value)",
            remedy: "write apiVersion: v1")
        return nil
    }

    private func refuse(_ kind: String, _ object: TableReader) {
        let source = object["kind"] ?? object.value
        let line = source.position.map { ", line \($0.line)" } ?? ""
        reader.refuse(
            source,
            "\(Shown.quoted(kind)) in document \(number)\(line) cannot be applied: this version of lab applies Pods only",
            remedy: "remove the document from the file")
    }
}
