internal import KubernetesModel

/// The OpenAPI document (version 3) of one version of one group.
struct OpenAPIVersion3 {
    let apiVersion: String

    /// The document.
    var document: JSONValue {
        let types = ResourceType.all.filter { $0.apiVersion == apiVersion }
        var components = OpenAPIComponents()
        var paths: [String: JSONValue] = [:]
        for type in types {
            let operations = OpenAPIOperations(type: type)
            let reference = components.reference(to: type)
            paths[operations.collectionPath] = .object(Self.collection(operations, reference))
            paths[operations.objectPath] = .object(Self.object(operations, reference))
        }
        return [
            "openapi": "3.0.0", "info": ["title": "Kubernetes", "version": "v1.32.0"], "paths": .object(paths),
            "components": ["schemas": .object(components.schemas)],
        ]
    }

    private static func collection(_ operations: OpenAPIOperations, _ reference: JSONValue) -> [String: JSONValue] {
        [
            "get": operation(operations, "list"),
            "post": operation(
                operations, "post", parameters: OpenAPIOperations.writeParameters,
                body: ["content": ["*/*": ["schema": reference]]]),
        ]
    }

    private static func object(_ operations: OpenAPIOperations, _ reference: JSONValue) -> [String: JSONValue] {
        let parameters = OpenAPIOperations.writeParameters
        // Strategic merge patches are taken too. kubectl makes them by the rules that are built into it, and would make
        // them by this document where it named them.
        let patches = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"]
        let content = Dictionary(
            uniqueKeysWithValues: patches.map { ($0, JSONValue.object(["schema": ["type": "object"]])) })
        return [
            "get": operation(operations, "get"),
            "put": operation(
                operations, "put", parameters: parameters, body: ["content": ["*/*": ["schema": reference]]]),
            "patch": operation(
                operations, "patch", parameters: parameters, body: ["content": .object(content)]),
            "delete": operation(operations, "delete", parameters: ["dryRun"]),
        ]
    }

    private static func operation(
        _ operations: OpenAPIOperations, _ action: String, parameters: [String] = [], body: JSONValue? = nil
    ) -> JSONValue {
        var fields: [String: JSONValue] = [
            "x-kubernetes-action": .string(action), "x-kubernetes-group-version-kind": operations.kind,
            "responses": ["200": ["description": "OK"]],
        ]
        if !parameters.isEmpty {
            fields["parameters"] = .array(
                parameters.map { name in
                    [
                        "name": .string(name), "in": "query",
                        "schema": ["type": name == "force" ? "boolean" : "string", "uniqueItems": true],
                    ]
                })
        }
        if let body { fields["requestBody"] = body }
        return .object(fields)
    }
}
