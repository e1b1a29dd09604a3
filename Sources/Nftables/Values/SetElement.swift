/// A key of a set or map.
public struct SetElement: Hashable, Sendable, Codable {
    /// A value for each field of the set's key. In a set of intervals it is the first key of the range, and a field may be
    /// a block of addresses.
    public var key: [Value]
    /// The last key of the range, in a set of intervals; nil where the element is a single key or its fields are blocks.
    public var keyEnd: [Value]?
    /// After how many seconds the element goes; nil for the set's own time. The set needs the flag `timeout`.
    public var timeout: UInt32?
    /// Whose element it is, up to 128 bytes.
    public var comment: String?

    /// Makes an element.
    public init(_ key: [Value], keyEnd: [Value]? = nil, timeout: UInt32? = nil, comment: String? = nil) {
        self.key = key
        self.keyEnd = keyEnd
        self.timeout = timeout
        self.comment = comment
    }
}

/// A key of a map and what it leads to.
public struct MapElement: Hashable, Sendable, Codable {
    /// What a key leads to.
    public enum Target: Hashable, Sendable, Codable {
        /// A value for each field of the map's data.
        case data([Value])
        case verdict(Verdict)
    }

    /// The key.
    public var element: SetElement
    /// What it leads to.
    public var target: Target

    /// Makes an element out of a key.
    public init(
        _ key: [Value], _ target: Target, keyEnd: [Value]? = nil, timeout: UInt32? = nil, comment: String? = nil
    ) {
        element = SetElement(key, keyEnd: keyEnd, timeout: timeout, comment: comment)
        self.target = target
    }
}
