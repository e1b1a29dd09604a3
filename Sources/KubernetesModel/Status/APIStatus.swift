/// Why the API refuses a request, as clients get it (meta/v1 Status).
public struct APIStatus: Error, Hashable, Sendable {
    /// The HTTP status.
    public let code: Int
    /// The word that programs look at, such as `AlreadyExists`.
    public let reason: String
    /// The sentence for people.
    public let message: String
    /// The object's group, kind (or resource) and name, the causes, and when to try again, where they are known.
    public var details: Details?

    /// What a Status tells besides its message (meta/v1 StatusDetails).
    public struct Details: Hashable, Sendable {
        /// The object's name, or empty.
        public var name = ""
        /// The API group, or empty.
        public var group = ""
        /// The kind or resource, or empty.
        public var kind = ""
        /// The object's uid, or empty.
        public var uid = ""
        /// The faulty fields.
        public var causes: [FieldError] = []
        /// Seconds after which another try may succeed.
        public var retryAfterSeconds: Int?

        /// Nothing yet.
        public init() {}
    }

    /// A refusal.
    public init(code: Int, reason: String, message: String, details: Details? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    /// The object that clients get.
    public var value: JSONValue {
        var fields: [String: JSONValue] = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "message": .string(message),
            "reason": .string(reason), "code": .integer(Int64(code)),
        ]
        if let details { fields["details"] = details.value }
        return .object(fields)
    }
}

extension APIStatus: CustomStringConvertible {
    /// As kubectl prints it: `Error from server (NotFound): services "web" not found`.
    public var description: String { "Error from server (\(reason)): \(message)" }
}

extension APIStatus.Details {
    var value: JSONValue {
        var fields: [String: JSONValue] = [:]
        for (field, text) in [("name", name), ("group", group), ("kind", kind), ("uid", uid)] where !text.isEmpty {
            fields[field] = .string(text)
        }
        if !causes.isEmpty {
            fields["causes"] = .array(
                causes.map {
                    [
                        "reason": .string($0.kind.rawValue), "message": .string($0.message),
                        "field": .string($0.field),
                    ]
                })
        }
        if let retryAfterSeconds { fields["retryAfterSeconds"] = .integer(Int64(retryAfterSeconds)) }
        return .object(fields)
    }
}

extension APIStatus {
    private static func about(_ key: ObjectKey) -> Details {
        var details = Details()
        details.name = key.name
        details.group = key.type.group
        details.kind = key.type.plural
        return details
    }

    /// 404: there is no such object.
    public static func notFound(_ key: ObjectKey) -> APIStatus {
        APIStatus(
            code: 404, reason: "NotFound", message: "\(key.type.qualifiedName) \"\(key.name)\" not found",
            details: about(key))
    }

    /// 404: nothing is served under this path.
    public static let unknownPath = APIStatus(
        code: 404, reason: "NotFound", message: "the server could not find the requested resource",
        details: Details())

    /// 409: the name is taken.
    public static func alreadyExists(_ key: ObjectKey) -> APIStatus {
        APIStatus(
            code: 409, reason: "AlreadyExists", message: "\(key.type.qualifiedName) \"\(key.name)\" already exists",
            details: about(key))
    }

    /// 409: the object was changed since the client read it.
    public static func conflict(
        _ key: ObjectKey,
        _ why: String =
            "the object has been modified; please apply your changes to the latest version and try again"
    ) -> APIStatus {
        APIStatus(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(key.type.qualifiedName) \"\(key.name)\": \(why)",
            details: about(key))
    }

    /// 422: fields of the object are wrong.
    public static func invalid(_ type: ResourceType, name: String, _ errors: [FieldError]) -> APIStatus {
        var details = Details()
        details.name = name
        details.group = type.group
        details.kind = type.kind
        details.causes = errors
        let list = errors.map(\.description)
        let shown = list.count == 1 ? list[0] : "[\(list.joined(separator: ", "))]"
        let kind = type.group.isEmpty ? type.kind : "\(type.kind).\(type.group)"
        return APIStatus(
            code: 422, reason: "Invalid", message: "\(kind) \"\(name)\" is invalid: \(shown)", details: details)
    }

    /// 400: the request makes no sense.
    public static func badRequest(_ message: String) -> APIStatus {
        APIStatus(code: 400, reason: "BadRequest", message: message)
    }

    /// 403: the request is understood and not allowed.
    public static func forbidden(_ key: ObjectKey, _ why: String) -> APIStatus {
        APIStatus(
            code: 403, reason: "Forbidden", message: "\(key.type.qualifiedName) \"\(key.name)\" is forbidden: \(why)",
            details: about(key))
    }

    /// 410: what happened since a version is no longer known; the client has to list again.
    public static func expired(_ message: String) -> APIStatus {
        APIStatus(code: 410, reason: "Expired", message: message)
    }

    /// 405: the resource does not support the verb.
    public static func methodNotSupported(_ message: String) -> APIStatus {
        APIStatus(code: 405, reason: "MethodNotAllowed", message: message)
    }

    /// 415: the body is of a type that is not read.
    public static func unsupportedMediaType(_ message: String) -> APIStatus {
        APIStatus(code: 415, reason: "UnsupportedMediaType", message: message)
    }

    /// 500: something failed here.
    public static func internalError(_ message: String) -> APIStatus {
        APIStatus(code: 500, reason: "InternalError", message: "Internal error occurred: \(message)")
    }
}
