/// A domain name (RFC 1035, section 3.1), always a full one: it ends at the root.
///
/// Letters compare without case (RFC 4343); the spelling is kept. Labels may hold any byte.
public struct DomainName: Sendable {
    /// The name as messages carry it, uncompressed: each label behind its length, the root's zero last.
    public let wire: [UInt8]

    /// The most bytes of a name on the wire, the root's zero included (RFC 1035, section 2.3.4).
    public static let longest = 255
    /// The most bytes of a label.
    public static let longestLabel = 63
    /// The name of the root.
    public static let root = DomainName(valid: [0])

    /// Takes bytes that were checked.
    init(valid wire: [UInt8]) {
        self.wire = wire
    }

    /// Reads an uncompressed name that fills the bytes whole; nil where it is none.
    public init?(wire: [UInt8]) {
        guard wire.count <= Self.longest else { return nil }
        var place = 0
        while place < wire.count {
            let length = Int(wire[place])
            if length == 0 {
                guard place == wire.count - 1 else { return nil }
                self.wire = wire
                return
            }
            guard length <= Self.longestLabel else { return nil }
            place += 1 + length
        }
        return nil
    }

    /// Joins labels to a name; nil where one is empty or too long, or all together are.
    public init?(labels: some Sequence<some Collection<UInt8>>) {
        var wire: [UInt8] = []
        for label in labels {
            guard (1...Self.longestLabel).contains(label.count) else { return nil }
            wire.append(UInt8(label.count))
            wire += label
        }
        wire.append(0)
        guard wire.count <= Self.longest else { return nil }
        self.wire = wire
    }

    /// The labels from the left, the root's left out.
    public var labels: [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var place = 0
        while wire[place] != 0 {
            let end = place + 1 + Int(wire[place])
            labels.append(wire[place + 1..<end])
            place = end
        }
        return labels
    }

    /// Whether this is the root.
    public var isRoot: Bool { wire.count == 1 }

    /// The name without its first label; nil for the root.
    public var parent: DomainName? {
        isRoot ? nil : DomainName(valid: Array(wire[(1 + Int(wire[0]))...]))
    }

    /// Whether the name is another one or below it.
    public func isEqual(orBelow other: DomainName) -> Bool {
        var place = 0
        while wire.count - place > other.wire.count { place += 1 + Int(wire[place]) }
        return wire[place...].elementsEqual(other.wire, by: { $0.asciiLowercased == $1.asciiLowercased })
    }

    /// The name with a label put before it; nil where that is no name.
    public func prepending(_ label: some Collection<UInt8>) -> DomainName? {
        guard (1...Self.longestLabel).contains(label.count), 1 + label.count + wire.count <= Self.longest else {
            return nil
        }
        return DomainName(valid: [UInt8(label.count)] + label + wire)
    }

    /// The name with all letters in lower case.
    public var lowercased: DomainName { DomainName(valid: wire.map(\.asciiLowercased)) }
}

extension DomainName: Hashable {
    /// Compares without case.
    public static func == (left: DomainName, right: DomainName) -> Bool {
        left.wire.elementsEqual(right.wire, by: { $0.asciiLowercased == $1.asciiLowercased })
    }

    /// Hashes without case.
    public func hash(into hasher: inout Hasher) {
        // Lengths are below 64, so that they are no letters.
        for byte in wire { hasher.combine(byte.asciiLowercased) }
    }
}

extension UInt8 {
    /// A to Z in lower case, everything else as it is.
    @inlinable public var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}
