import Addressing

/// The ClusterIPs of one family.
///
/// As in Kubernetes (KEP-3070) addresses that are given to those who ask for any come from the upper part of the block
/// first, so that the first ones, such as 10.96.0.10 for the DNS service, stay free for those who ask for them by name.
struct AddressPool: Sendable {
    /// The block.
    let block: CIDR
    /// The place of the first address; the network address is none.
    private let first: UInt128 = 1
    /// The place of the last one. IPv4's broadcast address is none.
    private let last: UInt128

    init(_ block: CIDR) {
        self.block = block
        let count = block.last.number - block.network.number
        last = block.family == .ipv4 && count > 0 ? count - 1 : count
    }

    /// Whether an address can be given.
    func contains(_ address: IPAddress) -> Bool {
        guard block.contains(address) else { return false }
        return (first...max(first, last)).contains(address.number - block.network.number)
    }

    /// How many addresses at the beginning are given by name only, as long as there are others.
    var reserved: UInt128 {
        guard last > 16 else { return 0 }
        return min(max(last / 16, 16), 256)
    }

    /// An address that is free, or nil where the pool is full.
    ///
    /// - Parameter isFree: whether an address may be taken; asked at most as often as addresses are held, and once more.
    func next(where isFree: (IPAddress) -> Bool) -> IPAddress? {
        guard last >= first else { return nil }
        if let address = next(in: first + reserved...last, where: isFree) { return address }
        return reserved == 0 ? nil : next(in: first...reserved, where: isFree)
    }

    /// The next free one behind a random place, then from the beginning.
    private func next(in places: ClosedRange<UInt128>, where isFree: (IPAddress) -> Bool) -> IPAddress? {
        let start = UInt128.random(in: places)
        for range in [start...places.upperBound, places.lowerBound...start] {
            for place in range {
                guard let address = block.address(at: place) else { break }
                if isFree(address) { return address }
            }
        }
        return nil
    }
}

/// The ports that are opened on nodes.
struct PortPool: Sendable {
    /// All of them.
    let range: ClosedRange<UInt16>

    /// How many ports at the beginning are given by name only, as long as there are others (KEP-3668).
    var reserved: Int {
        let count = range.count
        return count > 16 ? min(max(count / 32, 16), 128) : 0
    }

    /// A port that is free, or nil where all are taken.
    func next(where isFree: (UInt16) -> Bool) -> UInt16? {
        let upper = range.dropFirst(reserved)
        guard let start = upper.randomElement() else { return nil }
        return upper.first { $0 >= start && isFree($0) } ?? upper.first(where: isFree)
            ?? range.prefix(reserved).first(where: isFree)
    }
}
