public import KubernetesModel

extension PodManifest {
    /// Reads a Pod object of the API: what of it a network lab has a use for.
    ///
    /// - Throws: `LabFileError` where a field has a type or a value that cannot be.
    public init(_ object: APIObject) throws(LabFileError) {
        let reader = DocumentReader(file: nil)
        let document = DocumentValue(object.value)
        guard let table = TableReader(document, reader), let pod = PodReader.pod(table, namespace: object.namespace),
            reader.diagnostics.isEmpty
        else { throw LabFileError(reader.diagnostics) }
        self = pod
    }
}
