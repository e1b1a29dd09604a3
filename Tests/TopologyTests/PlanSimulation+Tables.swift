import Addressing

@testable import Netlink
@testable import Topology

extension PlanSimulation {
    mutating func changeTables(_ operation: Operation) throws {
        let inode = try inode(of: operation.namespace)
        guard var space = spaces[inode] else { return }
        switch operation {
        case .addAddress(_, let plan): try add(plan, to: &space, inode)
        case .removeAddress(_, let plan):
            try require(space.state.addresses.remove(plan) != nil, "there is no such address")
            let family = plan.address.address.family
            // Linux drops every IPv4 route of an interface with its last IPv4 address.
            if family == .ipv4,
                !space.state.addresses.contains(where: { $0.link == plan.link && $0.address.address.family == .ipv4 })
            {
                space.state.routes = space.state.routes.filter {
                    $0.link != plan.link || $0.destination.family != .ipv4
                }
            }
        case .replaceRoute(_, let plan):
            try check(plan, space, inode)
            space.state.routes = space.state.routes.filter { $0.destination != plan.destination }
            space.state.routes.insert(plan)
        case .removeRoute(_, let plan):
            try require(space.state.routes.remove(plan) != nil, "there is no such route")
        case .replaceNeighbor(_, let plan):
            try requireUp(plan.link, space, inode)
            space.state.neighbors = space.state.neighbors.filter { $0.link != plan.link || $0.address != plan.address }
            space.state.neighbors.insert(plan)
        case .removeNeighbor(_, let plan):
            let before = space.state.neighbors.count
            space.state.neighbors = space.state.neighbors.filter { $0.link != plan.link || $0.address != plan.address }
            try require(space.state.neighbors.count < before, "there is no such neighbour")
        case .replaceForwarding(_, let plan):
            try require(space.state.interfaces[plan.link]?.link.kind == "vxlan", "\(plan.link) is no VXLAN device")
            space.state.forwarding = space.state.forwarding.filter {
                $0.link != plan.link || $0.station != plan.station
            }
            space.state.forwarding.insert(plan)
        case .removeForwarding(_, let plan):
            try require(space.state.forwarding.remove(plan) != nil, "there is no such forwarding entry")
        default: break
        }
        spaces[inode] = space
    }

    private func requireUp(_ link: String, _ space: Space, _ inode: UInt64) throws {
        try requireLink(link, inode)
        try require(space.state.interfaces[link]?.link.isUp == true, "\(link) is down")
    }

    private func add(_ plan: AddressPlan, to space: inout Space, _ inode: UInt64) throws {
        try requireLink(plan.link, inode)
        let isIPv6 = plan.address.address.family == .ipv6
        try require(!isIPv6 || !space.withoutIPv6.contains(plan.link), "IPv6 is disabled on \(plan.link)")
        let clash = space.state.addresses.contains {
            $0.link == plan.link && $0.address.address == plan.address.address
                && (isIPv6 || $0.address.prefixLength == plan.address.prefixLength)
        }
        try require(!clash, "the address is there already")
        space.state.addresses.insert(plan)
    }

    private func check(_ plan: RoutePlan, _ space: Space, _ inode: UInt64) throws {
        try requireUp(plan.link, space, inode)
        guard let gateway = plan.gateway else { return }
        let isReachable = space.state.addresses.contains {
            $0.link == plan.link && $0.address.cidr.contains(gateway)
        }
        try require(plan.isOnLink || isReachable, "\(gateway) is not on \(plan.link)")
        let isOwn = space.state.addresses.contains { $0.address.address == gateway }
        try require(!isOwn, "\(gateway) is an address of this namespace")
    }
}
