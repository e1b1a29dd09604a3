internal import KubernetesModel

/// What the OpenAPI documents tell of the operations on a kind.
struct OpenAPIOperations {
    let type: ResourceType

    /// The path of the collection, within namespaces where the kind has them.
    var collectionPath: String {
        let root = type.group.isEmpty ? "/api/\(type.version)" : "/apis/\(type.apiVersion)"
        return type.isNamespaced ? "\(root)/namespaces/{namespace}/\(type.plural)" : "\(root)/\(type.plural)"
    }

    /// The path of an object.
    var objectPath: String { "\(collectionPath)/{name}" }

    /// Group, version and kind, by which kubectl finds an operation.
    var kind: JSONValue {
        ["group": .string(type.group), "version": .string(type.version), "kind": .string(type.kind)]
    }

    /// The parameters of changes. kubectl validates by itself where `fieldValidation` is missing, and refuses a dry run
    /// where `dryRun` is.
    static let writeParameters = ["dryRun", "fieldManager", "fieldValidation", "force"]
}
