/// What a set or map is apart from its elements: the kernel knows both as a set.
struct ElementContainer {
    let name: String
    let object: RulesetObject
    let key: [DataType]
    /// What a map gives; nil for a set.
    let content: NamedMap.Content?
    let flags: SetFlags
    let timeout: UInt32?
    let size: UInt32?
    let comment: String?

    /// Whether elements are ranges of each field rather than of the key as one number.
    var isConcatenatedRanges: Bool { flags.contains(.interval) && key.count > 1 }
    /// Whether elements are ranges of the key as one number.
    var isRanges: Bool { flags.contains(.interval) && key.count == 1 }
}

extension NamedSet {
    func container(in table: TableIdentity) -> ElementContainer {
        ElementContainer(
            name: name, object: .set(name, in: table), key: key, content: nil, flags: flags, timeout: timeout,
            size: size, comment: comment)
    }
}

extension NamedMap {
    func container(in table: TableIdentity) -> ElementContainer {
        ElementContainer(
            name: name, object: .map(name, in: table), key: key, content: content, flags: flags, timeout: timeout,
            size: size, comment: comment)
    }
}
