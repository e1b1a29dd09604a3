/// An IPv6 address (RFC 4291).
public struct IPv6Address: Hashable, Sendable, Comparable {
    /// The address as a 128-bit number in host order.
    public let rawValue: UInt128

    /// Makes the address with the given number in host order.
    @inlinable public init(rawValue: UInt128) {
        self.rawValue = rawValue
    }

    /// Reads the text forms of RFC 4291, section 2.2, `::` and an embedded IPv4 address included. A zone is refused.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 45 else { return nil }
        let halves = Self.halves(of: String(text))
        guard (1...2).contains(halves.count) else { return nil }
        var groups: [[UInt16]] = []
        for (index, half) in halves.enumerated() {
            guard let parsed = Self.groups(of: half, isLast: index == halves.count - 1) else { return nil }
            groups.append(parsed)
        }
        let count = groups.reduce(0) { $0 + $1.count }
        let all: [UInt16]
        if halves.count == 2 {
            guard count <= 7 else { return nil }
            all = groups[0] + Array(repeating: 0, count: 8 - count) + groups[1]
        } else {
            guard count == 8 else { return nil }
            all = groups[0]
        }
        rawValue = all.reduce(UInt128(0)) { $0 << 16 | UInt128($1) }
    }

    /// The text around `::`: one part where there is none, more than two where the text is malformed.
    private static func halves(of text: String) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var index = start
        while index < text.endIndex {
            let next = text.index(after: index)
            if text[index] == ":", next < text.endIndex, text[next] == ":" {
                parts.append(text[start..<index])
                index = text.index(after: next)
                start = index
            } else {
                index = next
            }
        }
        parts.append(text[start...])
        return parts
    }

    private static func groups(of half: Substring, isLast: Bool) -> [UInt16]? {
        guard !half.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = half.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains(".") {
                guard isLast, index == parts.count - 1, let v4 = IPv4Address(part) else { return nil }
                groups.append(UInt16(v4.rawValue >> 16))
                groups.append(UInt16(v4.rawValue & 0xffff))
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }

    /// Whether the address is fe80::/10.
    public var isLinkLocal: Bool { rawValue >> 118 == 0x3fa }

    /// The IPv4 address inside ::ffff:0:0/96, as a dual-stack socket reports it.
    public var mappedIPv4: IPv4Address? {
        rawValue >> 32 == 0xffff ? IPv4Address(rawValue: UInt32(truncatingIfNeeded: rawValue)) : nil
    }

    /// By number.
    public static func < (left: IPv6Address, right: IPv6Address) -> Bool { left.rawValue < right.rawValue }
}

extension IPv6Address: CustomStringConvertible {
    /// The canonical text of RFC 5952: lower case, the longest run of zero groups as `::`.
    public var description: String {
        if let mappedIPv4 { return "::ffff:\(mappedIPv4)" }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: rawValue >> (112 - 16 * $0)) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > best.count { best = start..<end }
            start = max(end, start + 1)
        }
        func text(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard best.count > 1 else { return text(groups[...]) }
        return text(groups[..<best.lowerBound]) + "::" + text(groups[best.upperBound...])
    }
}
