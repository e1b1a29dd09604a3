internal import Addressing

/// Ethernet addresses that follow from what they belong to, so that neighbours can be programmed before the interface
/// exists, and two runs of a lab give the same captures.
enum Station {
    /// The interface with an IP address: 0a:58 and the address' last four bytes, as the CNI plugins choose it for IPv4.
    static func interface(_ address: IPAddress) -> MACAddress {
        let tail: UInt32
        switch address {
        case .v4(let address): tail = address.rawValue
        // Two addresses of one link may share their last four bytes, so all sixteen count.
        case .v6(let address): tail = StableHash.fnv1a(address.description)
        }
        return MACAddress(rawValue: 0x0a58_0000_0000 | UInt64(tail))
    }

    /// A VXLAN device, by its node's outer address.
    static func vxlan(_ address: IPAddress) -> MACAddress {
        MACAddress(rawValue: 0x0e58_0000_0000 | interface(address).rawValue & 0xffff_ffff)
    }

    /// The bridge's end of a veth, by its name: fe as its first octet, so that no bridge ever takes it as its own.
    static func port(_ interface: String) -> MACAddress {
        MACAddress(rawValue: 0xfe58_0000_0000 | UInt64(StableHash.fnv1a(interface)))
    }
}
