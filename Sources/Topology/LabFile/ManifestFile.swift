import KubernetesModel

/// Reads Kubernetes manifests: files of one or more YAML or JSON documents with objects of the API.
public enum ManifestFile {
    /// The objects of a manifest, of any kind that is served, those of Lists one by one; empty documents are none. Each is
    /// checked as the API server would check it, with its defaults, but is given as it was written.
    ///
    /// - Parameters:
    ///   - text: the YAML (or JSON) text, at most 16 MiB.
    ///   - file: the file's name for messages.
    ///   - namespace: the namespace of objects that name none.
    /// - Throws: `LabFileError` with every problem found.
    public static func objects(text: String, file: String?, namespace: String = "default") throws(LabFileError)
        -> [ManifestObject]
    {
        let documents = try YAMLDocument.read(text, file: file)
        let reader = DocumentReader(file: file)
        var objects: [ManifestObject] = []
        for (index, document) in documents.enumerated() {
            if case .null = document.content { continue }
            var document = ManifestReader(reader, number: index + 1, namespace: namespace)
            document.read(documents[index])
            objects += document.objects
        }
        var diagnostics = reader.diagnostics
        for object in objects {
            guard diagnostics.count < DocumentReader.maximumProblems else { break }
            diagnostics += ManifestCheck(object).diagnostics
        }
        diagnostics += duplicates(in: objects)
        guard diagnostics.isEmpty else { throw LabFileError(diagnostics.inOrder) }
        return objects
    }

    /// A problem for each object that has the kind, namespace and name of an earlier one.
    public static func duplicates(in objects: [ManifestObject]) -> [Diagnostic] {
        var first: [ObjectKey: Int] = [:]
        var problems: [Diagnostic] = []
        for (index, object) in objects.enumerated() where !object.object.name.isEmpty {
            guard let earlier = first.updateValue(index, forKey: object.key) else { continue }
            first[object.key] = earlier
            let place = objects[earlier].shownPlace
            problems.append(
                object.diagnostic(
                    field: "metadata.name",
                    "\(object.printedName) is there already" + (place.isEmpty ? "" : ", at \(place)"),
                    remedy: "remove or rename one of them"))
        }
        return problems
    }

    /// The pods of a manifest that has nothing else. The annotation `lab/address` pins addresses. Nothing is placed or
    /// checked against a lab; `LabSpec.adding(pods:)` does that.
    /// - Parameters:
    ///   - text: the YAML (or JSON) text.
    ///   - file: the file's name for messages.
    ///   - namespace: the namespace of pods that name none.
    /// - Throws: `LabFileError` with every problem found.
    public static func pods(text: String, file: String?, namespace: String = "default") throws(LabFileError)
        -> [PodManifest]
    {
        let objects = try objects(text: text, file: file, namespace: namespace)
        let others = objects.filter { $0.type != .pods }
        guard others.isEmpty else {
            throw LabFileError(
                others.map { $0.diagnostic(field: "kind", "only Pods may stand here", remedy: "remove the document") })
        }
        return try pods(of: objects)
    }

    /// What a lab places of the Pods among objects.
    /// - Throws: `LabFileError` with everything in them that a lab cannot take.
    static func pods(of objects: [ManifestObject]) throws(LabFileError) -> [PodManifest] {
        var diagnostics: [Diagnostic] = []
        var pods: [PodManifest] = []
        for object in objects where object.type == .pods {
            let reader = DocumentReader(file: object.file)
            if let table = TableReader(object.source, reader),
                let pod = PodReader.pod(table, namespace: object.object.namespace)
            {
                pods.append(pod)
            }
            diagnostics += reader.diagnostics
        }
        guard diagnostics.isEmpty else { throw LabFileError(diagnostics) }
        return pods
    }
}
