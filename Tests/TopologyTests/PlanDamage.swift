import Addressing
import Netlink
import TestSupport

@testable import Topology

/// What somebody with root does to a lab behind its back.
struct PlanDamage {
    var generator: SeededGenerator
    let plan: LabPlan

    /// Does that many random things.
    mutating func damage(_ kernel: inout PlanSimulation, times: Int) throws {
        for _ in 0..<times {
            guard let name = plan.namespaces.randomElement(using: &generator)?.name, let inode = kernel.names[name]
            else { continue }
            if Int.random(in: 0..<8, using: &generator) == 0 {
                // `ip netns delete`
                kernel.names[name] = nil
                if !kernel.names.values.contains(inode) { kernel.end(inode) }
            } else if Int.random(in: 0..<2, using: &generator) == 0 {
                try damageLink(&kernel, name, inode)
            } else {
                damageTables(&kernel, inode)
            }
            kernel.settle()
        }
    }

    private mutating func damageLink(_ kernel: inout PlanSimulation, _ name: String, _ inode: UInt64) throws {
        let links = (kernel.spaces[inode]?.state.interfaces ?? [:]).keys.filter { $0 != "lo" }.sorted()
        guard let link = links.randomElement(using: &generator) else { return }
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: try kernel.perform(.removeLink(in: name, link: link))
        case 1: kernel.takeDown(link, inode)
        case 2: kernel.spaces[inode]?.state.interfaces[link]?.bridge = nil
        case 3: kernel.spaces[inode]?.state.interfaces[link]?.link.mtu = 1280
        case 4:
            kernel.spaces[inode]?.state.interfaces[link]?.hasChecksumOffload = link.hasPrefix("veth") || link == "eth0"
        default: kernel.spaces[inode]?.state.interfaces[link]?.link.address = MACAddress(rawValue: 0x0200_0000_0001)
        }
    }

    private mutating func damageTables(_ kernel: inout PlanSimulation, _ inode: UInt64) {
        guard var space = kernel.spaces[inode] else { return }
        let stranger = MACAddress(rawValue: 0x0200_0000_0002)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0:
            if let address = space.state.addresses.sorted(by: { "\($0)" < "\($1)" }).randomElement(using: &generator) {
                space.state.addresses.remove(address)
            }
        case 1:
            if let route = space.state.routes.sorted(by: { "\($0)" < "\($1)" }).randomElement(using: &generator) {
                space.state.routes.remove(route)
            }
        case 2, 3:
            if let entry = space.state.neighbors.sorted(by: { "\($0)" < "\($1)" }).randomElement(using: &generator) {
                space.state.neighbors.remove(entry)
                if Bool.random(using: &generator) {
                    space.state.neighbors.insert(
                        NeighborPlan(link: entry.link, address: entry.address, station: stranger))
                }
            }
        case 4: space.state.forwarding = []
        default:
            space.hostPorts = []
            for name in space.state.sysctls.keys where name.hasSuffix("ip_forward") || name.hasSuffix("rp_filter") {
                space.state.sysctls[name] = "7"
            }
        }
        kernel.spaces[inode] = space
    }
}
