/// What is wrong with a field of an object, in the API server's words (apimachinery's field.Error).
public struct FieldError: Error, Hashable, Sendable {
    /// What kind of fault it is; the raw value is the cause's reason in a Status.
    public enum Kind: String, Sendable {
        case required = "FieldValueRequired"
        case invalid = "FieldValueInvalid"
        case duplicate = "FieldValueDuplicate"
        case notSupported = "FieldValueNotSupported"
        case forbidden = "FieldValueForbidden"
        case tooLong = "FieldValueTooLong"
        case tooMany = "FieldValueTooMany"
        case notFound = "FieldValueNotFound"
        case typeInvalid = "FieldValueTypeInvalid"
        case internalError = "InternalError"
        /// Another manager owns the field (server-side apply); the detail is the whole message.
        case fieldManagerConflict = "FieldManagerConflict"
    }

    /// The kind of fault.
    public let kind: Kind
    /// The field's path, such as `spec.ports[0].port`.
    public let field: String
    /// The offending value, where one is shown.
    public let value: JSONValue?
    /// What would be right.
    public let detail: String

    /// Describes a fault.
    public init(_ kind: Kind, _ field: String, value: JSONValue? = nil, _ detail: String = "") {
        self.kind = kind
        self.field = field
        self.value = value
        self.detail = detail
    }

    /// A value that may not be.
    public static func invalid(_ field: String, _ value: JSONValue, _ detail: String) -> FieldError {
        FieldError(.invalid, field, value: value, detail)
    }

    /// A value that has to be there.
    public static func required(_ field: String, _ detail: String = "") -> FieldError {
        FieldError(.required, field, detail)
    }

    /// A field that may not be set here.
    public static func forbidden(_ field: String, _ detail: String) -> FieldError {
        FieldError(.forbidden, field, detail)
    }

    /// A value that appears twice.
    public static func duplicate(_ field: String, _ value: JSONValue) -> FieldError {
        FieldError(.duplicate, field, value: value)
    }

    /// A value that is none of those known.
    public static func notSupported(_ field: String, _ value: JSONValue, _ supported: [String]) -> FieldError {
        let list = supported.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
        return FieldError(.notSupported, field, value: value, "supported values: \(list)")
    }
}

extension FieldError: CustomStringConvertible {
    /// `spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive`
    public var description: String { "\(field): \(message)" }

    /// The description without the field.
    public var message: String {
        let heading: String
        switch kind {
        case .required: heading = "Required value"
        case .forbidden: heading = "Forbidden"
        case .tooLong: heading = "Too long"
        case .internalError: heading = "Internal error"
        case .invalid: heading = "Invalid value" + shownValue
        case .duplicate: heading = "Duplicate value" + shownValue
        case .notSupported: heading = "Unsupported value" + shownValue
        case .tooMany: heading = "Too many" + shownValue
        case .notFound: heading = "Not found" + shownValue
        case .typeInvalid: heading = "Invalid value" + shownValue
        case .fieldManagerConflict: return detail
        }
        return detail.isEmpty ? heading : "\(heading): \(detail)"
    }

    private var shownValue: String {
        guard let value else { return "" }
        return ": " + (value.isNull ? "null" : value.text)
    }
}
