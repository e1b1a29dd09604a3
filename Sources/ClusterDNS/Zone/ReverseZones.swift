internal import Addressing

/// The parts of in-addr.arpa and ip6.arpa that a cluster is the authority for.
///
/// A zone is cut between labels: each range is divided into blocks whose prefix ends where a label does. 10.96.0.0/12 is
/// sixteen zones, from 96.10.in-addr.arpa to 111.10.in-addr.arpa.
struct ReverseZones: Hashable, Sendable {
    let ranges: [CIDR]

    init(_ ranges: [CIDR]) {
        self.ranges = ranges
    }

    /// How many labels of a reverse name in the cluster's ranges are below its zone's name; nil for names of others.
    ///
    /// - Parameter block: the addresses whose names are the name and those below it.
    func depth(of block: CIDR) -> Int? {
        let bits = Self.bitsOfLabel(block.family)
        var depth: Int?
        for range in ranges where range.prefixLength <= block.prefixLength && range.contains(block) {
            let labels = block.prefixLength / bits - (range.prefixLength + bits - 1) / bits
            if labels >= 0 { depth = max(depth ?? 0, labels) }
        }
        return depth
    }

    /// How many names above that of an address exist in a zone because it does.
    func levels(above address: IPAddress) -> UInt8 {
        guard let block = CIDR(containing: address, prefixLength: address.family.bitWidth), let depth = depth(of: block)
        else { return 0 }
        return UInt8(clamping: max(0, depth - 1))
    }

    private static func bitsOfLabel(_ family: AddressFamily) -> Int { family == .ipv4 ? 8 : 4 }
}
