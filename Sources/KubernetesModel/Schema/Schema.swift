/// The shape of a field of the API, as its OpenAPI schema tells it: what decoding, strategic merge, server-side apply and
/// the published OpenAPI documents need to know.
public indirect enum Schema: Sendable {
    case string
    case boolean
    /// A whole number of 32 or 64 bits.
    case integer(bits: Int)
    /// intstr.IntOrString, such as a targetPort.
    case integerOrString
    /// resource.Quantity, a string or a number.
    case quantity
    /// meta/v1 Time, RFC 3339.
    case time
    /// Bytes in base64.
    case bytes
    /// A value of any shape, kept as it is.
    case any
    case map(Schema)
    case list(Schema, ListType)
    case object(ObjectSchema)

    /// How two lists are merged (x-kubernetes-list-type, x-kubernetes-patch-strategy).
    public enum ListType: Sendable, Hashable {
        /// One list replaces the other.
        case atomic
        /// The union, such as finalizers.
        case set
        /// Elements with the same keys are the same element.
        ///
        /// - Parameters:
        ///   - keys: what server-side apply tells elements apart by (x-kubernetes-list-map-keys).
        ///   - mergeKey: what a strategic merge patch tells them apart by (x-kubernetes-patch-merge-key), or nil where it
        ///     replaces the list.
        case map(keys: [String], mergeKey: String?)
    }
}

/// The fields of an object of the API.
public struct ObjectSchema: Sendable {
    /// The type's name in the API's source, such as `ServiceSpec`, for messages.
    public let name: String
    /// The known fields. Others are kept, and told of where a client asks for strict validation.
    public let fields: [String: Schema]
    /// Whether the object is replaced as a whole by merges (x-kubernetes-map-type: atomic), such as a selector.
    public let isAtomic: Bool

    /// Describes an object.
    public init(_ name: String, isAtomic: Bool = false, _ fields: [String: Schema]) {
        self.name = name
        self.fields = fields
        self.isAtomic = isAtomic
    }
}
