/// A map from keys to data or verdicts: `map NAME { type T . T : T; elements = { … } }`.
///
/// Changing a data map costs the same however large it is; at a change of a verdict map the kernel validates the whole
/// table again.
public struct NamedMap: Hashable, Sendable, Codable {
    /// What a map gives.
    public enum Content: Hashable, Sendable, Codable {
        /// Data of these types, one or several concatenated.
        case data([DataType])
        /// A verdict.
        case verdict
    }

    /// The name.
    public var name: String
    /// The types of a key's fields: one, or several concatenated, at most 64 bytes together.
    public var key: [DataType]
    /// What it gives for a key.
    public var content: Content
    /// What it is able to do.
    public var flags: SetFlags
    /// After how many seconds an element goes that says nothing itself; nil keeps it. Needs the flag `timeout`.
    public var timeout: UInt32?
    /// The largest number of elements; nil leaves it to the kernel, which takes 65,535 from the moment on when a rule adds to
    /// the map, and has no limit before.
    public var size: UInt32?
    /// What it holds, up to 128 bytes.
    public var comment: String?
    /// The elements. The kernel keeps no order, and refuses a key that occurs twice and ranges that overlap.
    public var elements: [MapElement]

    /// Makes a map.
    public init(
        _ name: String, key: [DataType], content: Content, flags: SetFlags = [], timeout: UInt32? = nil,
        size: UInt32? = nil, comment: String? = nil, elements: [MapElement] = []
    ) {
        self.name = name
        self.key = key
        self.content = content
        self.flags = flags
        self.timeout = timeout
        self.size = size
        self.comment = comment
        self.elements = elements
    }
}
