/// A block of addresses, such as 10.244.0.0/16 (RFC 4632).
public struct CIDR: Hashable, Sendable {
    /// The first address; all bits behind the prefix are zero.
    public let network: IPAddress
    /// How many leading bits are fixed.
    public let prefixLength: Int

    /// The block that holds an address, or nil where the prefix is longer than the family's addresses.
    public init?(containing address: IPAddress, prefixLength: Int) {
        guard let address = InterfaceAddress(address, prefixLength: prefixLength) else { return nil }
        self = address.cidr
    }

    fileprivate init(around address: InterfaceAddress) {
        let block = CIDR(network: address.address, prefixLength: address.prefixLength)
        network = IPAddress(family: block.family, number: address.address.number & ~block.hostMask)
        prefixLength = address.prefixLength
    }

    private init(network: IPAddress, prefixLength: Int) {
        self.network = network
        self.prefixLength = prefixLength
    }

    /// Reads `address/length`. Bits behind the prefix must be zero: 10.244.1.5/24 is an address, not a block.
    public init?(_ text: some StringProtocol) {
        guard let parsed = InterfaceAddress(text), parsed.cidr.network == parsed.address else { return nil }
        self = parsed.cidr
    }

    /// The family.
    public var family: AddressFamily { network.family }

    /// The last address.
    public var last: IPAddress {
        IPAddress(family: family, number: network.number | hostMask)
    }

    /// A one for every bit behind the prefix.
    private var hostMask: UInt128 {
        let hostBits = family.bitWidth - prefixLength
        return hostBits == 128 ? .max : (1 << hostBits) - 1
    }

    /// Whether the block holds an address.
    public func contains(_ address: IPAddress) -> Bool {
        address.family == family && network.number <= address.number && address.number <= last.number
    }

    /// Whether the block holds another one whole.
    public func contains(_ other: CIDR) -> Bool {
        contains(other.network) && contains(other.last)
    }

    /// Whether the two blocks share an address.
    public func overlaps(_ other: CIDR) -> Bool {
        contains(other.network) || other.contains(network)
    }

    /// The address at a place in the block, the network address being 0, or nil outside it.
    public func address(at offset: UInt128) -> IPAddress? {
        guard let address = network.advanced(by: offset), contains(address) else { return nil }
        return address
    }
}

extension CIDR: CustomStringConvertible {
    /// `network/length`.
    public var description: String { "\(network)/\(prefixLength)" }
}

/// An address on an interface together with the length of its on-link prefix, such as 10.244.1.5/24.
public struct InterfaceAddress: Hashable, Sendable {
    /// The interface's own address.
    public let address: IPAddress
    /// How many leading bits the neighbours on the link share.
    public let prefixLength: Int

    /// Pairs an address with a prefix length, or gives nil where it is longer than the address.
    public init?(_ address: IPAddress, prefixLength: Int) {
        guard (0...address.family.bitWidth).contains(prefixLength) else { return nil }
        self.address = address
        self.prefixLength = prefixLength
    }

    /// An address in a block, with the block's prefix.
    public init(_ address: IPAddress, in block: CIDR) {
        self.address = address
        self.prefixLength = block.prefixLength
    }

    /// An address alone: /32 or /128.
    public init(host address: IPAddress) {
        self.address = address
        self.prefixLength = address.family.bitWidth
    }

    /// Reads `address/length`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...3).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
            parts[1].utf8.count == 1 || parts[1].utf8.first != 48,
            let address = IPAddress(parts[0]), let length = Int(parts[1])
        else { return nil }
        self.init(address, prefixLength: length)
    }

    /// The block that the neighbours on the link are in.
    public var cidr: CIDR {
        CIDR(around: self)
    }
}

extension InterfaceAddress: CustomStringConvertible {
    /// `address/length`.
    public var description: String { "\(address)/\(prefixLength)" }
}
