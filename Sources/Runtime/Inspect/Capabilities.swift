internal import CLinux

/// What the kernel lets this process do. Root is not asked for by name: its capabilities are.
public struct Capabilities: OptionSet, Hashable, Sendable {
    /// A bit a capability, by its number (capabilities(7)).
    public let rawValue: UInt64

    /// Wraps a set of bits.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// CAP_NET_ADMIN: links, addresses, routes, rules.
    public static let networkAdministration = Capabilities(rawValue: 1 << 12)
    /// CAP_NET_RAW: captures and raw sockets.
    public static let rawNetwork = Capabilities(rawValue: 1 << 13)
    /// CAP_SYS_ADMIN: namespaces and mounts.
    public static let systemAdministration = Capabilities(rawValue: 1 << 21)
    /// All that building a lab takes.
    public static let needed: Capabilities = [.networkAdministration, .rawNetwork, .systemAdministration]

    /// The effective capabilities of this process.
    public static var current: Capabilities { Capabilities(rawValue: lab_effective_capabilities()) }
}
