import Addressing
import TestSupport
import Testing

@testable import Topology

/// Random specs of one lab, near enough to each other that a change from one to another keeps a part.
struct PlanSpecGenerator {
    var generator: SeededGenerator

    private mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    private mutating func chance(_ percent: Int) -> Bool { pick(1...100) <= percent }

    private func address(_ text: String) -> IPAddress { IPAddress(text) ?? .unspecified(.ipv4) }
    private func block(_ text: String) -> [CIDR] { CIDR(text).map { [$0] } ?? [] }

    /// Which families the lab has, the primary one first.
    mutating func families() -> [AddressFamily] {
        [[.ipv4], [.ipv6], [.ipv4, .ipv6], [.ipv6, .ipv4]].randomElement(using: &generator) ?? [.ipv4]
    }

    mutating func spec(families: [AddressFamily]) -> LabSpec {
        // A shorter prefix of the same underlay leaves the nodes' addresses as they are.
        let prefix = chance(70) ? (24, 64) : (16, 48)
        var spec = LabSpec(
            name: "lab",
            underlay: UnderlaySpec(
                cidr: families.flatMap { $0 == .ipv4 ? block("192.168.0.0/16") : block("fd01::/48") },
                mtu: chance(70) ? 1500 : 9000),
            components: ComponentsSpec(podNetwork: chance(60) ? .vxlan : .hostGateway))
        spec.underlay.cidr = spec.underlay.cidr.map {
            CIDR(containing: $0.network, prefixLength: $0.family == .ipv4 ? prefix.0 : prefix.1) ?? $0
        }
        for number in 1...4 where chance(70) || number == 1 { spec.nodes.append(node(number, families)) }
        for number in 1...2 where chance(60) {
            spec.hosts.append(
                HostSpec(name: "host\(number)", address: families.map { underlayAddress(100 + number, $0) }))
        }
        for number in 1...9 where chance(60) { spec.pods.append(pod(number, spec.nodes, families)) }
        return spec
    }

    private func underlayAddress(_ number: Int, _ family: AddressFamily) -> IPAddress {
        address(family == .ipv4 ? "192.168.0.\(number)" : "fd01::\(number)")
    }

    private mutating func node(_ number: Int, _ families: [AddressFamily]) -> NodeSpec {
        // Sometimes another address in the secondary family only, sometimes another range of pods.
        let shift = chance(80) ? 0 : 10
        let primary = chance(85) ? 0 : 20
        let range = chance(85) ? number : number + 50
        return NodeSpec(
            name: "node\(number)",
            address: families.enumerated().map { place, family in
                underlayAddress(10 + number + (place == 0 ? primary : shift + primary), family)
            },
            podCIDR: families.flatMap { $0 == .ipv4 ? block("10.244.\(range).0/24") : block("fd00:\(range)::/64") })
    }

    private mutating func pod(_ number: Int, _ nodes: [NodeSpec], _ families: [AddressFamily]) -> PodSpec {
        let node = nodes.randomElement(using: &generator) ?? nodes[0]
        let namespace = ["default", "a", "zeta"][number % 3]
        guard chance(85) else {
            return PodSpec(
                namespace: namespace, name: "pod\(number)", node: node.name, address: node.address, hostNetwork: true)
        }
        let offset = UInt128(number + (chance(80) ? 10 : 100))
        var container = ContainerSpec.builtinServer
        if chance(25) { container.ports.append(ContainerPort(containerPort: 80, hostPort: UInt16(8000 + number))) }
        return PodSpec(
            namespace: namespace, name: "pod\(number)", node: node.name,
            address: node.podCIDR.compactMap { $0.address(at: offset) }, containers: [container])
    }
}
