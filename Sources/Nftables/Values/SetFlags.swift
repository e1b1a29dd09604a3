/// What a set or map is able to do besides holding keys (NFT_SET_*).
public struct SetFlags: OptionSet, Hashable, Sendable, Codable {
    /// A bit for each flag; the kernel has other ones.
    public let rawValue: UInt32

    /// Wraps bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Elements are ranges of keys. With a key of several fields each field has a range of its own (concatenated ranges).
    public static let interval = SetFlags(rawValue: 1)
    /// Elements can go by themselves after a time.
    public static let timeout = SetFlags(rawValue: 2)
    /// Rules may add elements (`update @NAME { … }`). Not together with `interval`.
    public static let dynamic = SetFlags(rawValue: 4)
}
