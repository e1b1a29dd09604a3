internal import KubernetesModel

/// The schemas of an OpenAPI document, each under its name in the API's source.
struct OpenAPIComponents {
    /// The schemas by name.
    private(set) var schemas: [String: JSONValue] = [:]

    /// Types that all groups share.
    private static let shared: Set<String> = [
        "ObjectMeta", "OwnerReference", "ManagedFieldsEntry", "LabelSelector", "LabelSelectorRequirement", "Condition",
    ]

    /// Adds a kind, and refers to it.
    mutating func reference(to type: ResourceType) -> JSONValue {
        let name = Self.name(type.kind, type)
        let reference: JSONValue = ["$ref": .string("#/components/schemas/\(name)")]
        guard schemas[name] == nil else { return reference }
        var fields = object(type.schema, type)
        fields["x-kubernetes-group-version-kind"] = [OpenAPIOperations(type: type).kind]
        schemas[name] = .object(fields)
        return reference
    }

    private static func name(_ name: String, _ type: ResourceType) -> String {
        if shared.contains(name) { return "io.k8s.apimachinery.pkg.apis.meta.v1.\(name)" }
        let group = type.group.prefix { $0 != "." }
        return "io.k8s.api.\(group.isEmpty ? "core" : group).\(type.version).\(name)"
    }

    private mutating func object(_ schema: ObjectSchema, _ type: ResourceType) -> [String: JSONValue] {
        var properties: [String: JSONValue] = [:]
        for (field, schema) in schema.fields { properties[field] = self.schema(schema, type) }
        var fields: [String: JSONValue] = ["type": "object", "properties": .object(properties)]
        if schema.isAtomic { fields["x-kubernetes-map-type"] = "atomic" }
        return fields
    }

    private mutating func schema(_ schema: Schema, _ type: ResourceType) -> JSONValue {
        switch schema {
        case .string: return ["type": "string"]
        case .boolean: return ["type": "boolean"]
        case .integer(let bits): return ["type": "integer", "format": .string("int\(bits)")]
        case .integerOrString:
            return named(
                "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
                ["format": "int-or-string", "oneOf": [["type": "integer"], ["type": "string"]]])
        case .quantity:
            return named(
                "io.k8s.apimachinery.pkg.api.resource.Quantity", ["oneOf": [["type": "string"], ["type": "number"]]])
        case .time: return ["type": "string", "format": "date-time"]
        case .bytes: return ["type": "string", "format": "byte"]
        case .any: return ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
        case .map(let values):
            return ["type": "object", "additionalProperties": self.schema(values, type)]
        case .list(let elements, let listType):
            var fields: [String: JSONValue] = ["type": "array", "items": self.schema(elements, type)]
            fields.merge(Self.extensions(of: listType)) { $1 }
            return .object(fields)
        case .object(let object): return reference(to: object, type)
        }
    }

    private mutating func named(_ name: String, _ schema: JSONValue) -> JSONValue {
        schemas[name] = schema
        return ["$ref": .string("#/components/schemas/\(name)")]
    }

    private mutating func reference(to schema: ObjectSchema, _ type: ResourceType) -> JSONValue {
        let name = Self.name(schema.name, type)
        if schemas[name] == nil {
            // Set first, for schemas that contain themselves.
            schemas[name] = [:]
            schemas[name] = .object(object(schema, type))
        }
        return ["$ref": .string("#/components/schemas/\(name)")]
    }

    private static func extensions(of listType: Schema.ListType) -> [String: JSONValue] {
        switch listType {
        case .atomic: return ["x-kubernetes-list-type": "atomic"]
        case .set: return ["x-kubernetes-list-type": "set", "x-kubernetes-patch-strategy": "merge"]
        case .map(let keys, let mergeKey):
            var fields: [String: JSONValue] = [
                "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": .array(keys.map { .string($0) }),
            ]
            if let mergeKey {
                fields["x-kubernetes-patch-strategy"] = "merge"
                fields["x-kubernetes-patch-merge-key"] = .string(mergeKey)
            }
            return fields
        }
    }
}
