import Addressing

@testable import Netlink
@testable import Topology

extension PlanSimulation {
    mutating func changeLink(_ operation: Operation) throws {
        let inode = try inode(of: operation.namespace)
        switch operation {
        case .addBridge(_, let plan):
            try add(plan.name, kind: "bridge", station: plan.station, mtu: plan.mtu, isUp: true, to: inode)
        case .addVXLAN(_, let plan):
            try add(plan.name, kind: "vxlan", station: plan.station, mtu: plan.mtu, isUp: true, to: inode)
            spaces[inode]?.state.interfaces[plan.name]?.link.vxlan = plan.settings
        case .addUplink(let far, let plan): try addVeth(plan, far: try self.inode(of: far), near: inode)
        case .removeLink(_, let link):
            try requireLink(link, inode)
            let peer = spaces[inode]?.peers[link]
            forget(End(inode: inode, name: link))
            if let peer { forget(peer) }
        case .setUp(_, let link):
            try requireLink(link, inode)
            spaces[inode]?.state.interfaces[link]?.link.isUp = true
        case .setMaster(_, let link, let bridge):
            try requireLink(link, inode)
            try require(spaces[inode]?.state.interfaces[bridge]?.link.kind == "bridge", "\(bridge) is no bridge")
            spaces[inode]?.state.interfaces[link]?.bridge = bridge
        case .disableChecksumOffload(_, let link):
            try requireLink(link, inode)
            spaces[inode]?.state.interfaces[link]?.hasChecksumOffload = false
        default: break
        }
    }

    func requireLink(_ name: String, _ inode: UInt64) throws {
        try require(spaces[inode]?.state.interfaces[name] != nil, "there is no \(name)")
    }

    private mutating func addVeth(_ plan: UplinkPlan, far: UInt64, near: UInt64) throws {
        try require(
            spaces[near]?.state.interfaces[plan.bridge]?.link.kind == "bridge", "there is no bridge \(plan.bridge)")
        try require(
            spaces[near]?.alternativeNames.values.contains(plan.alternativeName) == false,
            "the further name \(plan.alternativeName) is taken")
        try add(plan.port, kind: "veth", station: plan.portStation, mtu: plan.mtu, isUp: true, to: near)
        try add(plan.interface, kind: "veth", station: plan.station, mtu: plan.mtu, isUp: false, to: far)
        spaces[near]?.state.interfaces[plan.port]?.bridge = plan.bridge
        spaces[near]?.state.interfaces[plan.port]?.link.isHairpin = plan.isHairpin
        spaces[near]?.alternativeNames[plan.port] = plan.alternativeName
        spaces[near]?.peers[plan.port] = End(inode: far, name: plan.interface)
        spaces[far]?.peers[plan.interface] = End(inode: near, name: plan.port)
        let nearIndex = spaces[near]?.state.interfaces[plan.port]?.link.index
        let farIndex = spaces[far]?.state.interfaces[plan.interface]?.link.index
        spaces[near]?.state.interfaces[plan.port]?.link.peerIndex = farIndex
        spaces[far]?.state.interfaces[plan.interface]?.link.peerIndex = nearIndex
    }

    mutating func add(
        _ name: String, kind: String, station: MACAddress?, mtu: Int, isUp: Bool, to inode: UInt64
    ) throws {
        guard var space = spaces[inode] else { return }
        try require(space.state.interfaces[name] == nil, "\(name) is there already")
        try require(!space.going.contains(name), "\(name) may still be there")
        try require((1...15).contains(name.utf8.count), "\(name) is too long")
        var link = Link(index: space.nextIndex, name: name)
        link.kind = kind
        link.address = station
        link.mtu = mtu
        link.isUp = isUp
        space.nextIndex += 1
        space.state.interfaces[name] = .init(link: link, bridge: nil, hasChecksumOffload: kind == "veth")
        if space.state.sysctls["net/ipv6/conf/default/disable_ipv6"] == "1" { space.withoutIPv6.insert(name) }
        spaces[inode] = space
    }

    /// Taking an interface down costs it its routes, its neighbours and its IPv6 addresses.
    mutating func takeDown(_ name: String, _ inode: UInt64) {
        guard var space = spaces[inode] else { return }
        space.state.interfaces[name]?.link.isUp = false
        space.state.routes = space.state.routes.filter { $0.link != name }
        space.state.neighbors = space.state.neighbors.filter { $0.link != name }
        space.state.addresses = space.state.addresses.filter { $0.link != name || $0.address.address.family == .ipv4 }
        spaces[inode] = space
    }
}
