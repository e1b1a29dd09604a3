/// A set that rules look packets up in: `set NAME { type T . T; elements = { … } }`.
public struct NamedSet: Hashable, Sendable, Codable {
    /// The name.
    public var name: String
    /// The types of a key's fields: one, or several concatenated, at most 64 bytes together.
    public var key: [DataType]
    /// What it is able to do.
    public var flags: SetFlags
    /// After how many seconds an element goes that says nothing itself; nil keeps it. Needs the flag `timeout`.
    public var timeout: UInt32?
    /// The largest number of elements; nil leaves it to the kernel, which takes 65,535 from the moment on when a rule adds to
    /// the set, and has no limit before.
    public var size: UInt32?
    /// What it holds, up to 128 bytes.
    public var comment: String?
    /// The elements. The kernel keeps no order, and refuses a key that occurs twice and ranges that overlap.
    public var elements: [SetElement]

    /// Makes a set.
    public init(
        _ name: String, key: [DataType], flags: SetFlags = [], timeout: UInt32? = nil, size: UInt32? = nil,
        comment: String? = nil, elements: [SetElement] = []
    ) {
        self.name = name
        self.key = key
        self.flags = flags
        self.timeout = timeout
        self.size = size
        self.comment = comment
        self.elements = elements
    }
}
