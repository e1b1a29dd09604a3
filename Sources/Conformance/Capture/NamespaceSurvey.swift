import Addressing
import Netlink

/// What a network namespace of the lab holds, as its own kernel tables say.
struct NamespaceSurvey: Sendable {
    let participant: Participant
    let links: [Link]
    let addresses: [Address]

    /// Reads the calling thread's namespace.
    static func take(of participant: Participant) throws -> NamespaceSurvey {
        let handle = try RouteHandle()
        return NamespaceSurvey(participant: participant, links: try handle.links(), addresses: try handle.addresses())
    }

    /// The interfaces to capture on. A bridge's ports are left out: their other ends show the same frames.
    var captured: [Link] {
        let bridges = Set(links.filter { $0.kind == "bridge" }.map(\.index))
        return links.filter { link in link.isUp && !(link.master.map(bridges.contains) ?? false) }
    }

    /// The MTU of the interface that has an address; nil where none has it.
    func mtu(of address: IPAddress) -> Int? {
        guard let owner = addresses.first(where: { $0.address.address == address }) else { return nil }
        return links.first { $0.index == owner.link }?.mtu
    }

    /// Whether an address is one of this namespace's own.
    func owns(_ address: IPAddress) -> Bool {
        addresses.contains {
            $0.address.address == address || (address.isLoopback && $0.address.cidr.contains(address))
        }
    }
}

extension IPAddress {
    /// 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        switch self {
        case .v4(let address): address.rawValue >> 24 == 127
        case .v6: self == .loopback(.ipv6)
        }
    }
}
