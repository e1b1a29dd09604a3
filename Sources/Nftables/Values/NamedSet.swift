/// A set that rules look packets up in: `set NAME { type T . T; elements = { … } }`.
public struct NamedSet: Hashable, Sendable, Codable {
    /// The name.
    public var name: String
    /// The types of a key's fields: one, or several concatenated, at most 64 bytes together.
    public var key: [DataType]
    /// What it holds, up to 128 bytes.
    public var comment: String?
    /// The elements. The kernel keeps no order, and refuses a key that occurs twice.
    public var elements: [SetElement]

    /// Makes a set.
    public init(_ name: String, key: [DataType], comment: String? = nil, elements: [SetElement] = []) {
        self.name = name
        self.key = key
        self.comment = comment
        self.elements = elements
    }
}

/// A key of a set or map.
public struct SetElement: Hashable, Sendable, Codable {
    /// A value for each field of the set's key.
    public var key: [Value]
    /// Whose element it is, up to 128 bytes.
    public var comment: String?

    /// Makes an element.
    public init(_ key: [Value], comment: String? = nil) {
        self.key = key
        self.comment = comment
    }
}

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
    /// What it holds, up to 128 bytes.
    public var comment: String?
    /// The elements. The kernel keeps no order, and refuses a key that occurs twice.
    public var elements: [MapElement]

    /// Makes a map.
    public init(
        _ name: String, key: [DataType], content: Content, comment: String? = nil, elements: [MapElement] = []
    ) {
        self.name = name
        self.key = key
        self.content = content
        self.comment = comment
        self.elements = elements
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

    /// Makes an element.
    public init(_ key: [Value], _ target: Target, comment: String? = nil) {
        element = SetElement(key, comment: comment)
        self.target = target
    }
}
