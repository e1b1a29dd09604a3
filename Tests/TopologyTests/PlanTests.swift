import Addressing
import Netlink
import Testing

@testable import Topology

@Suite("Plans")
struct PlanTests {
    private func lines(_ plan: LabPlan, _ name: String) throws -> [String] {
        PlanSamples.lines(try #require(plan["\(plan.spec.name).\(name)"], "\(name)"))
    }

    @Test("the documents' two nodes over VXLAN: every namespace, link, address, route, neighbour and forwarding entry")
    func twoNodes() throws {
        let plan = try PlanSamples.lab("two-node")
        #expect(
            plan.namespaces.map(\.name) == [
                "two-node.underlay", "two-node.control-plane", "two-node.node1", "two-node.node2",
                "two-node.host.client", "two-node.default.pod-a", "two-node.default.pod-b",
            ])
        let underlay = try lines(plan, "underlay")
        #expect(
            underlay.count == 1 && underlay[0].hasPrefix("bridge underlay0 fe:58:") && underlay[0].hasSuffix(" 1500"))
        #expect(
            try lines(plan, "node1") == [
                "bridge cni0 0a:58:0a:f4:01:01 1450",
                "vxlan vxlan.1 0e:58:c0:a8:01:0a 1450 1 192.168.1.10 8472",
                "uplink eth0 0a:58:c0:a8:01:0a 1500 to underlay0 of two-node.underlay",
                "address 192.168.1.10/24 eth0", "address 10.244.1.1/24 cni0", "address 10.244.1.0/32 vxlan.1",
                "route 10.244.2.0/24 via 10.244.2.0 dev vxlan.1 onlink", "route 0.0.0.0/0 dev eth0",
                "neighbor 192.168.1.11 0a:58:c0:a8:01:0b eth0", "neighbor 192.168.1.100 0a:58:c0:a8:01:64 eth0",
                "neighbor 192.168.1.2 0a:58:c0:a8:01:02 eth0",
                "neighbor 10.244.1.5 0a:58:0a:f4:01:05 cni0", "neighbor 10.244.2.0 0e:58:c0:a8:01:0b vxlan.1",
                "forwarding 0e:58:c0:a8:01:0b 192.168.1.11 vxlan.1",
            ])
        #expect(
            try lines(plan, "node2") == [
                "bridge cni0 0a:58:0a:f4:02:01 1450",
                "vxlan vxlan.1 0e:58:c0:a8:01:0b 1450 1 192.168.1.11 8472",
                "uplink eth0 0a:58:c0:a8:01:0b 1500 to underlay0 of two-node.underlay",
                "address 192.168.1.11/24 eth0", "address 10.244.2.1/24 cni0", "address 10.244.2.0/32 vxlan.1",
                "route 10.244.1.0/24 via 10.244.1.0 dev vxlan.1 onlink", "route 0.0.0.0/0 dev eth0",
                "neighbor 192.168.1.10 0a:58:c0:a8:01:0a eth0", "neighbor 192.168.1.100 0a:58:c0:a8:01:64 eth0",
                "neighbor 192.168.1.2 0a:58:c0:a8:01:02 eth0",
                "neighbor 10.244.2.3 0a:58:0a:f4:02:03 cni0", "neighbor 10.244.1.0 0e:58:c0:a8:01:0a vxlan.1",
                "forwarding 0e:58:c0:a8:01:0a 192.168.1.10 vxlan.1",
            ])
        #expect(
            try lines(plan, "host.client") == [
                "uplink eth0 0a:58:c0:a8:01:64 1500 to underlay0 of two-node.underlay", "address 192.168.1.100/24 eth0",
                "neighbor 192.168.1.10 0a:58:c0:a8:01:0a eth0", "neighbor 192.168.1.11 0a:58:c0:a8:01:0b eth0",
                "neighbor 192.168.1.2 0a:58:c0:a8:01:02 eth0",
            ])
        #expect(
            try lines(plan, "control-plane") == [
                "uplink eth0 0a:58:c0:a8:01:02 1500 to underlay0 of two-node.underlay", "address 192.168.1.2/24 eth0",
                "route 10.244.1.0/24 via 192.168.1.10 dev eth0", "route 10.244.2.0/24 via 192.168.1.11 dev eth0",
                "neighbor 192.168.1.10 0a:58:c0:a8:01:0a eth0", "neighbor 192.168.1.11 0a:58:c0:a8:01:0b eth0",
                "neighbor 192.168.1.100 0a:58:c0:a8:01:64 eth0",
            ])
        #expect(
            try lines(plan, "default.pod-a") == [
                "uplink eth0 0a:58:0a:f4:01:05 1450 to cni0 of two-node.node1", "address 10.244.1.5/24 eth0",
                "route 0.0.0.0/0 via 10.244.1.1 dev eth0", "neighbor 10.244.1.1 0a:58:0a:f4:01:01 eth0",
            ])
    }

    @Test("host-gw routes through the other node's underlay address, without a device or a smaller MTU")
    func hostGateway() throws {
        let plan = try PlanSamples.lab("two-node-host-gw")
        let node = try #require(plan["two-node-host-gw.node1"])
        #expect(node.vxlan == nil && node.forwarding.isEmpty)
        #expect(
            PlanSamples.lines(node, neighbors: false) == [
                "bridge cni0 0a:58:0a:f4:01:01 1500",
                "uplink eth0 0a:58:c0:a8:01:0a 1500 to underlay0 of two-node-host-gw.underlay",
                "address 192.168.1.10/24 eth0", "address 10.244.1.1/24 cni0",
                "route 10.244.2.0/24 via 192.168.1.11 dev eth0",
                "route 0.0.0.0/0 dev eth0",
            ])
        #expect(try #require(plan["two-node-host-gw.default.pod-a"]).uplink?.mtu == 1500)
    }

    @Test("IPv6 only: the VXLAN between nodes is over IPv6 and leaves 70 bytes less")
    func ipv6Only() throws {
        let plan = try PlanSamples.lab("two-node-ipv6")
        let node = try #require(plan["two-node-ipv6.node1"])
        let lines = PlanSamples.lines(node)
        #expect(plan.podMTU == 1430 && node.vxlan?.mtu == 1430 && node.bridges.map(\.mtu) == [1430])
        #expect(node.vxlan?.settings.local.description == "fd00:192:168:1::10")
        #expect(
            node.addresses.map { "\($0.address) \($0.link)" } == [
                "fd00:192:168:1::10/64 eth0", "fd00:10:244:1::1/64 cni0", "fd00:10:244:1::/128 vxlan.1",
            ])
        #expect(lines.contains("route fd00:10:244:2::/64 via fd00:10:244:2:: dev vxlan.1 onlink"))
        let other = try #require(plan["two-node-ipv6.node2"])
        #expect(
            node.forwarding.map { "\($0.station) \($0.remote)" } == [
                "\(try #require(other.vxlan).station) fd00:192:168:1::11"
            ])
        #expect(
            node.neighbors.contains { $0.address == other.vxlan?.settings.local && $0.station == other.uplink?.station }
        )
        let pod = try self.lines(plan, "default.pod-a")
        #expect(
            pod.contains("address fd00:10:244:1::5/64 eth0") && pod.contains("route ::/0 via fd00:10:244:1::1 dev eth0")
        )
        #expect(plan.namespaces.allSatisfy { $0.addresses.allSatisfy { $0.address.address.family == .ipv6 } })
    }

    @Test("dual stack: both families everywhere, one Ethernet address for both")
    func dualStack() throws {
        let plan = try PlanSamples.lab("two-node-dual-stack")
        let node = try #require(plan["two-node-dual-stack.node1"])
        #expect(
            PlanSamples.lines(node, neighbors: false) == [
                "bridge cni0 0a:58:0a:f4:01:01 1450",
                "vxlan vxlan.1 0e:58:c0:a8:01:0a 1450 1 192.168.1.10 8472",
                "uplink eth0 0a:58:c0:a8:01:0a 1500 to underlay0 of two-node-dual-stack.underlay",
                "address 192.168.1.10/24 eth0", "address fd00:192:168:1::10/64 eth0", "address 10.244.1.1/24 cni0",
                "address fd00:10:244:1::1/64 cni0", "address 10.244.1.0/32 vxlan.1",
                "address fd00:10:244:1::/128 vxlan.1",
                "route 10.244.2.0/24 via 10.244.2.0 dev vxlan.1 onlink",
                "route fd00:10:244:2::/64 via fd00:10:244:2:: dev vxlan.1 onlink", "route 0.0.0.0/0 dev eth0",
                "route ::/0 dev eth0", "forwarding 0e:58:c0:a8:01:0b 192.168.1.11 vxlan.1",
            ])
        for entry in ["10.244.1.5", "fd00:10:244:1::5"] {
            #expect(PlanSamples.lines(node).contains("neighbor \(entry) 0a:58:0a:f4:01:05 cni0"))
        }
        #expect(
            try lines(plan, "default.pod-a") == [
                "uplink eth0 0a:58:0a:f4:01:05 1450 to cni0 of two-node-dual-stack.node1", "address 10.244.1.5/24 eth0",
                "address fd00:10:244:1::5/64 eth0", "route 0.0.0.0/0 via 10.244.1.1 dev eth0",
                "route ::/0 via fd00:10:244:1::1 dev eth0",
                "neighbor 10.244.1.1 0a:58:0a:f4:01:01 eth0", "neighbor fd00:10:244:1::1 0a:58:0a:f4:01:01 eth0",
            ])
    }

    @Test("the same spec gives the same plan, and what is planned fits together, in every lab of the repository")
    func consistency() throws {
        for name in [
            "two-node", "two-node-host-gw", "two-node-ipv6", "two-node-dual-stack", "one-node",
            "one-pod-two-containers",
            "ten-nodes",
        ] {
            let plan = try PlanSamples.lab(name)
            #expect(plan == LabPlan(plan.spec))
            try checkNames(plan)
            try checkNeighbors(plan)
        }
    }

    /// Names and stations that have to be unique are, and names fit the kernel.
    private func checkNames(_ plan: LabPlan) throws {
        #expect(Set(plan.namespaces.map(\.name)).count == plan.namespaces.count)
        let uplinks = plan.namespaces.compactMap(\.uplink)
        #expect(Set(uplinks.map { "\($0.owner) \($0.port)" }).count == uplinks.count)
        #expect(Set(uplinks.map { "\($0.owner) \($0.alternativeName)" }).count == uplinks.count)
        #expect(uplinks.allSatisfy { (1...127).contains($0.alternativeName.utf8.count) })
        let names = uplinks.flatMap { [$0.port, $0.interface, $0.bridge] } + plan.namespaces.compactMap(\.vxlan?.name)
        #expect(names.allSatisfy { (1...15).contains($0.utf8.count) })
        for (owner, members) in Dictionary(grouping: uplinks, by: \.owner) {
            let bridge = try #require(plan[owner]?.bridges.first { $0.name == members[0].bridge })
            let stations = members.flatMap { [$0.station, $0.portStation] } + [bridge.station]
            #expect(Set(stations).count == stations.count, "stations on \(bridge.name) of \(owner)")
            #expect(members.allSatisfy { $0.mtu == bridge.mtu })
        }
    }

    /// Every permanent neighbour is the station of the interface that has its address.
    private func checkNeighbors(_ plan: LabPlan) throws {
        var stations: [IPAddress: Set<MACAddress>] = [:]
        for namespace in plan.namespaces {
            for address in namespace.addresses {
                let station: MACAddress? =
                    switch address.link {
                    case "eth0": namespace.uplink?.station
                    case "cni0": namespace.bridges.first?.station
                    default: namespace.vxlan?.station
                    }
                stations[address.address.address, default: []].insert(try #require(station))
            }
        }
        for namespace in plan.namespaces {
            for neighbor in namespace.neighbors {
                #expect(
                    stations[neighbor.address]?.contains(neighbor.station) == true, "\(namespace.name): \(neighbor)")
            }
            let keys = namespace.neighbors.map { "\($0.link) \($0.address)" }
            #expect(Set(keys).count == keys.count)
        }
    }

    @Test("a pod with hostNetwork is a second name of its node, and nobody's neighbour")
    func hostNetwork() throws {
        let node = NodeSpec(name: "node1", address: try addresses("192.168.1.10"), podCIDR: try cidrs("10.244.1.0/24"))
        var spec = LabSpec(name: "host", underlay: UnderlaySpec(cidr: try cidrs("192.168.1.0/24")), nodes: [node])
        spec.pods = [
            PodSpec(name: "own", node: "node1", address: try addresses("10.244.1.2")),
            PodSpec(namespace: "kube-system", name: "shared", node: "node1", address: node.address, hostNetwork: true),
        ]
        let plan = LabPlan(spec)
        #expect(PlanSamples.lines(try #require(plan["host.kube-system.shared"])) == ["shared with host.node1"])
        #expect(try #require(plan["host.default.own"]).neighbors.map(\.address.description) == ["10.244.1.1"])
        #expect(try #require(plan["host.node1"]).neighbors.map(\.address.description) == ["10.244.1.2"])
        #expect(
            plan.operations().contains(.shareNamespace("host.kube-system.shared", of: "host.node1")))
    }

    /// A node with that many pods.
    private func crowd(_ names: [String], family: AddressFamily = .ipv4) throws -> LabPlan {
        let block = try #require(CIDR(family == .ipv4 ? "10.244.0.0/20" : "fd00:10:244::/64"))
        let node = NodeSpec(name: "node1", address: try addresses("192.168.1.10"), podCIDR: [block])
        let pods = try names.enumerated().map { number, name in
            PodSpec(name: name, node: "node1", address: [try #require(block.address(at: UInt128(number + 2)))])
        }
        return LabPlan(
            LabSpec(name: "crowd", underlay: UnderlaySpec(cidr: try cidrs("192.168.1.0/24")), nodes: [node], pods: pods)
        )
    }

    @Test(
        "2,000 pods on a node have names and stations of their own, in either family", arguments: AddressFamily.allCases
    )
    func crowded(family: AddressFamily) throws {
        try checkNames(crowd((0..<2000).map { "pod-\($0)" }, family: family))
    }

    @Test("pods whose names have the same hash still have interfaces of their own")
    func collisions() throws {
        // FNV-1a of crowd.default.NAME is the same within each pair.
        let names = [
            ("p7d9fc593460", "pb48569f9195"), ("pbd90546679e", "p3ec0fe12a61"), ("p47e233c4a30", "p9dfc3c48029"),
            ("pfb6e5387019", "p8a1d02a82af"), ("pf31f81d65b4", "pcae512975a1"), ("p8a653f5f5db", "pc4026150d51"),
        ]
        for (one, other) in names {
            #expect(StableHash.fnv1a("crowd.default.\(one)") == StableHash.fnv1a("crowd.default.\(other)"))
        }
        try checkNames(crowd(names.flatMap { [$0, $1] } + (0..<500).map { "pod-\($0)" }))
    }

    @Test("pods and hosts whose names read alike have further names of their own")
    func alternativeNames() throws {
        let block = try #require(CIDR("10.244.1.0/24"))
        let long = String(repeating: "n", count: 63)
        let names = [
            ("a", "b-c"), ("a-b", "c"), ("a-b-c", "d"), ("a", "b-c-d"), (long, long + "-1"), (long, long + "-2"),
            ("a", long + "." + long),
        ]
        let pods = try names.enumerated().map { number, name in
            PodSpec(
                namespace: name.0, name: name.1, node: "same",
                address: [try #require(block.address(at: UInt128(number + 2)))])
        }
        try checkNames(
            LabPlan(
                LabSpec(
                    name: "alike", underlay: UnderlaySpec(cidr: try cidrs("192.168.1.0/24")),
                    nodes: [NodeSpec(name: "same", address: try addresses("192.168.1.10"), podCIDR: [block])],
                    pods: pods,
                    hosts: [HostSpec(name: "same", address: try addresses("192.168.1.11"))])))
    }

    @Test("up to 256 pods of a node know each other; more find each other by asking")
    func fullMesh() throws {
        for (count, neighbors) in [(256, 256), (257, 1)] {
            let plan = try crowd((0..<count).map { "pod-\($0)" })
            let pods = plan.namespaces.filter { $0.name.hasPrefix("crowd.default.") }
            #expect(pods.count == count && pods.allSatisfy { $0.neighbors.count == neighbors })
            // The node knows all of its pods either way.
            #expect(try #require(plan["crowd.node1"]).neighbors.count == count)
        }
    }

    @Test("hostPorts go to the family that their hostIP has, or to all of the pod's")
    func hostPorts() throws {
        let ports = [
            ContainerPort(containerPort: 80, hostPort: 8080),
            ContainerPort(containerPort: 53, transport: .udp, hostPort: 53, hostIP: IPAddress("fd01::10")),
            ContainerPort(containerPort: 90),
        ]
        let pod = PodSpec(
            name: "web", node: "node1", address: try addresses("10.244.1.2", "fd00:1::2"),
            containers: [ContainerSpec(name: "web", image: "nginx", ports: ports)])
        let node = NodeSpec(
            name: "node1", address: try addresses("192.168.1.10", "fd01::10"),
            podCIDR: try cidrs("10.244.1.0/24", "fd00:1::/64"))
        let plan = LabPlan(
            LabSpec(
                name: "ports", underlay: UnderlaySpec(cidr: try cidrs("192.168.1.0/24", "fd01::/64")), nodes: [node],
                pods: [pod]))
        let mappings = try #require(plan["ports.node1"]).hostPorts
        #expect(
            mappings.map { "\($0.protocolNumber) \($0.hostPort) \($0.podAddress.withPort($0.podPort)) \($0.comment)" }
                == [
                    "6 8080 10.244.1.2:80 default/web", "6 8080 [fd00:1::2]:80 default/web",
                    "17 53 [fd00:1::2]:53 default/web",
                ])
    }
}
