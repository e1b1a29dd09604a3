internal import KubernetesModel

extension RequestService {
    private static let jsonTypes: Set<String> = [
        "application/json", "text/json", "*/*", "application/x-www-form-urlencoded",
    ]
    private static let yamlTypes: Set<String> = ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"]

    /// The tree of a request's body.
    ///
    /// - Throws: `APIStatus`: 400 where it cannot be read, 415 where its type is none that is read.
    func body(of request: APIRequest) throws(APIStatus) -> JSONValue {
        let type = request.contentType
        if Self.yamlTypes.contains(type) { return try tree(request.body) }
        if type == "application/vnd.kubernetes.protobuf" { return try ProtobufBody.decode(request.body) }
        guard Self.jsonTypes.contains(type) else {
            throw .unsupportedMediaType(
                "the body of the request was in an unknown format - accepted media types include: application/json, "
                    + "application/yaml")
        }
        return try json(request.body)
    }

    /// The tree of a text that is JSON.
    func json(_ bytes: [UInt8]) throws(APIStatus) -> JSONValue {
        do {
            return try JSONValue(parsing: bytes)
        } catch {
            throw .badRequest("error decoding the body of the request: \(error)")
        }
    }

    /// The tree of a text that is YAML, as which JSON counts too.
    func tree(_ bytes: [UInt8]) throws(APIStatus) -> JSONValue {
        if let value = try? JSONValue(parsing: bytes) { return value }
        return try parseYAML(bytes)
    }

    /// The object in a request's body, which has to be what the path says.
    ///
    /// - Throws: `APIStatus` (400) where it is something else.
    func object(in request: APIRequest, _ target: ResourceTarget) throws(APIStatus) -> APIObject {
        var object = APIObject(try body(of: request))
        try checkType(&object, target.type)
        if target.type.isNamespaced, let namespace = target.namespace {
            if object.namespace.isEmpty { object.namespace = namespace }
            guard object.namespace == namespace else {
                throw .badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request")
            }
        }
        if let name = target.name {
            if object.name.isEmpty { object.name = name }
            guard object.name == name else {
                throw .badRequest(
                    "the name of the object (\(object.name)) does not match the name on the URL (\(name))")
            }
        }
        return object
    }

    /// Fills in the type of an object that names none, and refuses another.
    private func checkType(_ object: inout APIObject, _ type: ResourceType) throws(APIStatus) {
        guard case .object = object.value else {
            throw .badRequest(
                "json: cannot unmarshal \(object.value.typeName) into Go value of type \(type.version).\(type.kind)")
        }
        if object.apiVersion.isEmpty { object["apiVersion"] = .string(type.apiVersion) }
        if object.kind.isEmpty { object["kind"] = .string(type.kind) }
        guard object.apiVersion == type.apiVersion else {
            throw .badRequest(
                "the API version in the data (\(object.apiVersion)) does not match the expected API version "
                    + "(\(type.apiVersion))")
        }
        guard object.kind == type.kind else {
            throw .badRequest(
                "\(object.kind) in version \"\(type.version)\" cannot be handled as a \(type.kind)")
        }
    }

    /// How a request wants its change to be made.
    func writeOptions(_ request: APIRequest, kind: String) throws(APIStatus) -> WriteOptions {
        let dryRun = request.query.all("dryRun")
        try Self.checkDryRun(dryRun, kind: kind)
        var validation = WriteOptions.FieldValidation.warn
        if let word = request.query["fieldValidation"], !word.isEmpty {
            guard let known = WriteOptions.FieldValidation(rawValue: word) else {
                throw Self.invalid(
                    kind, [.notSupported("fieldValidation", .string(word), ["Ignore", "Strict", "Warn"])])
            }
            validation = known
        }
        if request.fieldManager.utf8.count > 128 {
            throw Self.invalid(kind, [FieldError(.tooLong, "fieldManager", "may not be more than 128 bytes")])
        }
        return WriteOptions(
            fieldManager: request.fieldManager, isDryRun: !dryRun.isEmpty, fieldValidation: validation)
    }

    /// - Throws: `APIStatus` (422) where a dry run is asked for that there is not.
    static func checkDryRun(_ words: [String], kind: String) throws(APIStatus) {
        guard let word = words.first(where: { $0 != "All" }) else { return }
        throw invalid(kind, [.notSupported("dryRun", .array([.string(word)]), ["All"])])
    }

    /// 422 about the parameters of a request.
    static func invalid(_ kind: String, _ faults: [FieldError]) -> APIStatus {
        var details = APIStatus.Details()
        details.group = "meta.k8s.io"
        details.kind = kind
        details.causes = faults
        let list = faults.map(\.description)
        let shown = list.count == 1 ? list[0] : "[\(list.joined(separator: ", "))]"
        return APIStatus(
            code: 422, reason: "Invalid", message: "\(kind).meta.k8s.io \"\" is invalid: \(shown)", details: details)
    }
}
