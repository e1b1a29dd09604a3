/// A JSON value (RFC 8259), with whole numbers kept exact as the Kubernetes API needs them.
///
/// Objects of the API are held as such trees, so that fields which this project does not know survive a round trip.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number without fraction and exponent that fits in 64 bits.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The text, where this is a string.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The whole number, where this is one.
    public var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The truth value, where this is one.
    public var bool: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    /// The elements, where this is an array.
    public var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The fields, where this is an object.
    public var object: [String: JSONValue]? {
        if case .object(let fields) = self { fields } else { nil }
    }

    /// Whether this is null.
    public var isNull: Bool { self == .null }

    /// A field of an object. Reading gives nil where this is no object or has no such field; writing makes an object
    /// of anything else, and writing nil removes the field.
    public subscript(field: String) -> JSONValue? {
        get { object?[field] }
        set {
            guard case .object(var fields) = self else {
                if let newValue { self = .object([field: newValue]) }
                return
            }
            // The tree gives up its reference first, so that the fields are changed in place.
            self = .null
            fields[field] = newValue
            self = .object(fields)
        }
    }

    /// The value at the end of a path of fields, or nil.
    public subscript(path path: [String]) -> JSONValue? {
        get {
            var value = self
            for field in path {
                guard let next = value[field] else { return nil }
                value = next
            }
            return value
        }
        set { set(newValue, at: path[...]) }
    }

    private mutating func set(_ newValue: JSONValue?, at path: ArraySlice<String>) {
        guard let first = path.first else {
            if let newValue { self = newValue }
            return
        }
        let rest = path.dropFirst()
        if rest.isEmpty {
            self[first] = newValue
            return
        }
        if newValue == nil, self[first] == nil { return }
        guard case .object(var fields) = self else {
            var child = JSONValue.object([:])
            child.set(newValue, at: rest)
            self = .object([first: child])
            return
        }
        // The tree gives up its reference first, so that the fields are changed in place, at every step of the way.
        self = .null
        fields[first, default: .object([:])].set(newValue, at: rest)
        self = .object(fields)
    }

    /// The type's name as Go's encoding/json names it in its errors.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .integer, .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object; of a field that is written twice the last one counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}
