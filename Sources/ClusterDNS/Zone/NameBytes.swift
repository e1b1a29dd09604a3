internal import DNSMessage

/// A name on the wire in lower case, as answers are kept under.
struct NameBytes: Hashable, Sendable {
    let bytes: [UInt8]

    init(_ name: DomainName) {
        bytes = name.lowercased.wire
    }

    /// Names below another one; nil where a label or the whole is no name.
    init?(_ labels: String..., below parent: NameBytes) {
        self.init(labels: labels, below: parent)
    }

    init?(_ label: String, below parent: NameBytes) {
        self.init(labels: CollectionOfOne(label), below: parent)
    }

    init?(labels: some Collection<String>, below parent: NameBytes) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(labels.reduce(parent.bytes.count) { $0 + 1 + $1.utf8.count })
        for label in labels {
            guard (1...DomainName.longestLabel).contains(label.utf8.count) else { return nil }
            bytes.append(UInt8(label.utf8.count))
            for byte in label.utf8 { bytes.append(byte.asciiLowercased) }
        }
        bytes += parent.bytes
        guard bytes.count <= DomainName.longest else { return nil }
        self.bytes = bytes
    }

    var count: Int { bytes.count }
}

extension NameBytes: Comparable {
    /// By the bytes.
    static func < (left: NameBytes, right: NameBytes) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}
