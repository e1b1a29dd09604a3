import Addressing

extension CIDR {
    /// The offset of the last address that an interface may have: IPv4's broadcast address is none.
    var lastUsableOffset: UInt128 {
        let span = last.number - network.number
        return family == .ipv4 && span > 0 ? span - 1 : span
    }

    /// Whether an interface may not have an address of the block: the network address, which is the router anycast
    /// address in IPv6 (RFC 4291, section 2.6.1), or IPv4's broadcast address.
    func reserves(_ address: IPAddress) -> String? {
        if address == network { return "the network address" }
        return family == .ipv4 && address == last ? "the broadcast address" : nil
    }

    /// The addresses that interfaces may have, for a remedy.
    func usableAddresses(from offset: UInt128) -> String {
        guard let first = address(at: offset), let last = address(at: lastUsableOffset) else { return "another range" }
        return "an address between \(first) and \(last)"
    }
}

/// The addresses of a block that are still free.
struct AddressPool {
    let range: CIDR
    private var taken: Set<IPAddress>
    /// From each starting offset, the first offset that may be free.
    private var cursors: [UInt128: UInt128] = [:]

    init(_ range: CIDR, taken: Set<IPAddress> = []) {
        self.range = range
        self.taken = taken
    }

    mutating func reserve(_ address: IPAddress) {
        taken.insert(address)
    }

    /// Takes the lowest free address from an offset on, or nil where none is left.
    mutating func take(from start: UInt128) -> IPAddress? {
        var offset = cursors[start] ?? start
        while offset <= range.lastUsableOffset, let address = range.address(at: offset) {
            offset += 1
            cursors[start] = offset
            if taken.insert(address).inserted { return address }
        }
        return nil
    }
}

/// The parts of the cluster's pod range that no node has yet.
struct NodeRangePool {
    let range: CIDR
    /// The length of the ranges that it gives, or nil where the cluster's range cannot be split between the nodes.
    let prefixLength: Int?
    private var taken: [CIDR]
    private var next: IPAddress?

    /// A pool for so many nodes. A node gets a /24 (IPv4) or a /64 (IPv6); in a cluster range with fewer of these
    /// than nodes, the shortest of /25 to /28, or of /80, /96, /112 and /120, that suffices.
    init(_ range: CIDR, nodes: Int, taken: [CIDR]) {
        let bits = nodes > 1 ? Int.bitWidth - (nodes - 1).leadingZeroBitCount : 0
        let lengths = range.family == .ipv4 ? [24, 25, 26, 27, 28] : [64, 80, 96, 112, 120]
        self.range = range
        prefixLength = lengths.first { $0 >= range.prefixLength + bits }
        self.taken = taken
        next = range.network
    }

    mutating func take() -> CIDR? {
        guard let prefixLength else { return nil }
        while let first = next, let candidate = CIDR(containing: first, prefixLength: prefixLength),
            range.contains(candidate)
        {
            guard let other = taken.first(where: { $0.overlaps(candidate) }) else {
                next = candidate.last.advanced(by: 1)
                return candidate
            }
            next = max(candidate.last, other.last).advanced(by: 1)
        }
        return nil
    }
}
