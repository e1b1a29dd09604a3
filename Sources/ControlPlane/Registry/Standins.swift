import KubernetesModel

// Stands for what another branch brings; this file goes when that is merged.
extension ResourceType {
    var schema: ObjectSchema { ObjectSchema(kind, [:]) }
    func decode(_ value: JSONValue) throws(APIStatus) -> (object: APIObject, unknownFields: [String]) {
        (APIObject(value), value["spec"]?["unknownToAll"] == nil ? [] : ["spec.unknownToAll"])
    }
    func applyDefaults(to object: inout APIObject) {
        if self == .services, object["spec", "type"] == nil { object["spec", "type"] = "ClusterIP" }
    }
    func faults(of object: APIObject) -> [FieldError] {
        object["spec", "faulty"] == nil ? [] : [.invalid("spec.faulty", true, "must not be")]
    }
    func faults(of object: APIObject, replacing: APIObject) -> [FieldError] { faults(of: object) }
}
enum JSONPatch {
    static func apply(_ patch: JSONValue, to document: JSONValue) throws(APIStatus) -> JSONValue { document }
}
enum MergePatch {
    static func apply(_ patch: JSONValue, to document: JSONValue) throws(APIStatus) -> JSONValue {
        guard let fields = patch.object else { return patch }
        var result = document.object == nil ? JSONValue.object([:]) : document
        for (name, value) in fields {
            result[name] = value.isNull ? nil : try apply(value, to: result[name] ?? .null)
        }
        return result
    }
}
enum StrategicMergePatch {
    static func apply(_ patch: JSONValue, to document: JSONValue, schema: ObjectSchema) throws(APIStatus) -> JSONValue {
        try MergePatch.apply(patch, to: document)
    }
}
enum ServerSideApply {
    static func apply(
        _ configuration: APIObject, to live: APIObject?, type: ResourceType, schema: ObjectSchema, manager: String,
        subresource: String? = nil, force: Bool, time: String
    ) throws(APIStatus) -> APIObject {
        APIObject(try MergePatch.apply(configuration.value, to: live?.value ?? [:]))
    }
}
enum ManagedFields {
    static func record(
        manager: String, subresource: String? = nil, time: String, from old: APIObject?, to new: inout APIObject,
        schema: ObjectSchema
    ) {}
    static func isUnchanged(_ old: APIObject, _ new: APIObject) -> Bool { old == new }
}
