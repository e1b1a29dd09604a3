import Addressing
import Netlink
import TestSupport
import Testing

@testable import Topology

@Suite("From one plan to another")
struct PlanConvergenceTests {
    private func kernel(with plan: LabPlan) throws -> PlanSimulation {
        var kernel = PlanSimulation()
        try kernel.perform(plan.operations())
        return kernel
    }

    /// Whether the kernel holds all that a plan says.
    private func expectBuilt(_ plan: LabPlan, _ kernel: PlanSimulation, _ note: String) throws {
        for namespace in plan.namespaces {
            let inode = try #require(kernel.names[namespace.name], "\(note): \(namespace.name) is missing")
            if let shared = namespace.sharedWith {
                #expect(inode == kernel.names[shared], "\(note): \(namespace.name)")
                continue
            }
            let state = try #require(kernel.spaces[inode]).state
            #expect(state.addresses.isSuperset(of: namespace.addresses), "\(note): addresses of \(namespace.name)")
            #expect(state.routes.isSuperset(of: namespace.routes), "\(note): routes of \(namespace.name)")
            #expect(state.neighbors.isSuperset(of: namespace.neighbors), "\(note): neighbours of \(namespace.name)")
            #expect(state.forwarding.isSuperset(of: namespace.forwarding), "\(note): forwarding of \(namespace.name)")
            for setting in namespace.sysctls {
                #expect(state.sysctls[setting.name] == setting.value, "\(note): \(setting)")
            }
            #expect(
                kernel.spaces[inode]?.hostPorts == namespace.hostPorts, "\(note): \(namespace.name)")
            guard let uplink = namespace.uplink else { continue }
            let owner = try #require(kernel.names[uplink.owner])
            let port = try #require(kernel.spaces[owner]?.state.interfaces[uplink.port], "\(note): \(uplink.port)")
            #expect(
                port.bridge == uplink.bridge && port.link.isUp && !port.hasChecksumOffload, "\(note): \(uplink.port)")
            #expect(kernel.spaces[owner]?.peers[uplink.port] == .init(inode: inode, name: uplink.interface), "\(note)")
            let far = try #require(state.interfaces[uplink.interface])
            #expect(far.link.isUp && far.link.mtu == uplink.mtu && far.link.address == uplink.station, "\(note): eth0")
        }
    }

    /// Whether nothing is left that only an earlier plan had.
    private func expectGone(_ earlier: LabPlan, but plan: LabPlan, _ kernel: PlanSimulation, _ note: String) {
        for old in earlier.namespaces {
            guard let wanted = plan[old.name] else {
                #expect(kernel.names[old.name] == nil, "\(note): \(old.name) is left")
                continue
            }
            guard wanted.sharedWith == nil, old.sharedWith == nil,
                let state = kernel.names[old.name].flatMap({ kernel.spaces[$0] })?.state
            else { continue }
            func expectNone<Element: Hashable>(_ old: [Element], _ wanted: [Element], _ present: Set<Element>) {
                #expect(present.isDisjoint(with: Set(old).subtracting(wanted)), "\(note): left in \(wanted)")
            }
            expectNone(old.addresses, wanted.addresses, state.addresses)
            expectNone(old.routes, wanted.routes, state.routes)
            expectNone(old.neighbors, wanted.neighbors, state.neighbors)
            expectNone(old.forwarding, wanted.forwarding, state.forwarding)
            if wanted.vxlan == nil, old.vxlan != nil {
                #expect(state.interfaces["vxlan.1"] == nil, "\(note): vxlan.1 is left")
            }
            let ports = Set(plan.namespaces.compactMap(\.uplink).filter { $0.owner == old.name }.map(\.port))
            #expect(
                state.interfaces.keys.filter { $0.hasPrefix("veth") }.allSatisfy(ports.contains),
                "\(note): ports of \(old.name)")
        }
    }

    @Test("a fresh lab is built in an order in which the kernel takes every step, in every lab of the repository")
    func fresh() throws {
        for name in ["two-node", "two-node-host-gw", "two-node-ipv6", "two-node-dual-stack", "ten-nodes"] {
            let plan = try PlanSamples.lab(name)
            let kernel = try kernel(with: plan)
            try expectBuilt(plan, kernel, name)
            #expect(plan.operations(after: [plan], observed: kernel.observed([plan])).isEmpty, "\(name)")
            #expect(kernel.names.count == plan.namespaces.count)
        }
    }

    @Test(
        "from nothing, through any spec to any other, the kernel takes every step and a second look finds nothing to do"
    )
    func convergence() throws {
        for seed in UInt64(1)...150 {
            var generator = PlanSpecGenerator(generator: SeededGenerator(seed: seed))
            let families = generator.families()
            let (one, two) = (LabPlan(generator.spec(families: families)), LabPlan(generator.spec(families: families)))
            var kernel = try kernel(with: one)
            try expectBuilt(one, kernel, "seed \(seed), first")
            try kernel.perform(two.operations(after: [one], observed: kernel.observed([one, two])))
            kernel.settle()
            try expectBuilt(two, kernel, "seed \(seed), second")
            expectGone(one, but: two, kernel, "seed \(seed)")
            #expect(two.operations(after: [two], observed: kernel.observed([two])).isEmpty, "seed \(seed)")
        }
    }

    @Test("pods come and go by an increment that leaves the kernel as a second look would")
    func increment() throws {
        var increments = 0
        for seed in UInt64(1)...150 {
            var generator = PlanSpecGenerator(generator: SeededGenerator(seed: seed &+ 30_000))
            let families = generator.families()
            let spec = generator.spec(families: families)
            var changed = spec
            changed.pods.removeAll { _ in Bool.random(using: &generator.generator) }
            let more = generator.spec(families: families).pods.filter { pod in
                spec.nodes.contains { $0.name == pod.node } && !changed.pods.contains { $0.name == pod.name }
                    && !changed.pods.contains { $0.address == pod.address }
            }
            changed.pods += more.filter { pod in
                pod.hostNetwork
                    || pod.address.allSatisfy { address in
                        spec.nodes.contains { $0.name == pod.node && $0.podCIDR.contains { $0.contains(address) } }
                    }
            }
            let (one, two) = (LabPlan(spec), LabPlan(changed))
            var kernel = try kernel(with: one)
            let operations = try #require(two.increment(from: one), "seed \(seed)")
            increments += operations.isEmpty ? 0 : 1
            try kernel.perform(operations)
            kernel.settle()
            try expectBuilt(two, kernel, "seed \(seed)")
            expectGone(one, but: two, kernel, "seed \(seed)")
            #expect(two.operations(after: [two], observed: kernel.observed([two])).isEmpty, "seed \(seed)")
        }
        #expect(increments > 100)
    }

    @Test("a change of more than pods is no increment")
    func noIncrement() throws {
        let plan = try PlanSamples.lab("two-node")
        var spec = plan.spec
        spec.components.podNetwork = .hostGateway
        #expect(LabPlan(spec).increment(from: plan) == nil)
        spec = plan.spec
        spec.nodes.removeLast()
        #expect(LabPlan(spec).increment(from: plan) == nil)
        #expect(plan.increment(from: plan) == [])
    }

    @Test("a change that was cut short anywhere is finished by the next run")
    func interruption() throws {
        for seed in UInt64(1)...60 {
            var generator = PlanSpecGenerator(generator: SeededGenerator(seed: seed &+ 10_000))
            let families = generator.families()
            let (one, two) = (LabPlan(generator.spec(families: families)), LabPlan(generator.spec(families: families)))
            var kernel = try kernel(with: one)
            let operations = two.operations(after: [one], observed: kernel.observed([one, two]))
            try kernel.perform(operations.prefix(Int.random(in: 0...operations.count, using: &generator.generator)))
            kernel.settle()
            try kernel.perform(two.operations(after: [one, two], observed: kernel.observed([one, two])))
            kernel.settle()
            try expectBuilt(two, kernel, "seed \(seed)")
            expectGone(one, but: two, kernel, "seed \(seed)")
            #expect(two.operations(after: [two], observed: kernel.observed([two])).isEmpty, "seed \(seed)")
        }
    }

    @Test("random damage is mended, and what the lab did not make survives")
    func damage() throws {
        for seed in UInt64(1)...150 {
            var generator = PlanSpecGenerator(generator: SeededGenerator(seed: seed &+ 20_000))
            let families = generator.families()
            let plan = LabPlan(generator.spec(families: families))
            let next = seed % 2 == 0 ? plan : LabPlan(generator.spec(families: families))
            var kernel = try kernel(with: plan)
            let foreign = try addForeign(&kernel, plan)
            var damage = PlanDamage(generator: generator.generator, plan: plan)
            try damage.damage(&kernel, times: Int.random(in: 1...6, using: &generator.generator))
            let before = kernel
            let operations = next.operations(after: [plan], observed: kernel.observed([plan, next]))
            do {
                try kernel.perform(operations)
            } catch {
                Issue.record("seed \(seed): \(error)")
                return
            }
            kernel.settle()
            try expectBuilt(next, kernel, "seed \(seed)")
            expectGone(plan, but: next, kernel, "seed \(seed)")
            #expect(next.operations(after: [next], observed: kernel.observed([next])).isEmpty, "seed \(seed)")
            for (inode, made) in foreign {
                guard let old = before.spaces[inode]?.state, let state = kernel.spaces[inode]?.state else { continue }
                // As far as the damage has left it.
                #expect((state.interfaces["foreign0"] == nil) == (old.interfaces["foreign0"] == nil), "seed \(seed)")
                #expect(state.addresses.isSuperset(of: made.addresses.intersection(old.addresses)), "seed \(seed)")
                #expect(state.routes.isSuperset(of: made.routes.intersection(old.routes)), "seed \(seed)")
                #expect(state.neighbors.isSuperset(of: made.neighbors.intersection(old.neighbors)), "seed \(seed)")
            }
            #expect(kernel.names["another.node1"] != nil)
        }
    }

    /// An interface of somebody else in every namespace, with an address, a route and a neighbour; and another lab.
    private func addForeign(_ kernel: inout PlanSimulation, _ plan: LabPlan) throws -> [UInt64: NamespaceState] {
        try kernel.perform(.createNamespace("another.node1", sysctls: []))
        var foreign: [UInt64: NamespaceState] = [:]
        for inode in Set(plan.namespaces.compactMap { kernel.names[$0.name] }) {
            try kernel.add("foreign0", kind: "dummy", station: nil, mtu: 1500, isUp: true, to: inode)
            var state = NamespaceState()
            let address = try #require(InterfaceAddress("172.31.0.1/24"))
            state.addresses = [AddressPlan(link: "foreign0", address: address)]
            let gateway = try #require(IPAddress("172.31.0.2"))
            state.routes = [
                RoutePlan(
                    destination: try #require(CIDR("172.30.0.0/16")), gateway: gateway, link: "foreign0",
                    isOnLink: false)
            ]
            state.neighbors = [
                NeighborPlan(link: "foreign0", address: gateway, station: MACAddress(rawValue: 0x0200_0000_0003))
            ]
            kernel.spaces[inode]?.state.addresses.formUnion(state.addresses)
            kernel.spaces[inode]?.state.routes.formUnion(state.routes)
            kernel.spaces[inode]?.state.neighbors.formUnion(state.neighbors)
            foreign[inode] = state
        }
        return foreign
    }

    @Test("a port's name that a removed pod leaves can be another pod's at once")
    func reusedPortName() throws {
        // Both names have the same hash; the second pod gets the plain name when the first is gone.
        let node = NodeSpec(name: "node1", address: try addresses("192.168.1.10"), podCIDR: try cidrs("10.244.1.0/24"))
        func plan(_ names: [String: String]) throws -> LabPlan {
            let pods = try names.sorted { $0.value < $1.value }.map {
                PodSpec(name: $0.key, node: "node1", address: try addresses($0.value))
            }
            return LabPlan(
                LabSpec(
                    name: "crowd", underlay: UnderlaySpec(cidr: try cidrs("192.168.1.0/24")), nodes: [node], pods: pods)
            )
        }
        let both = try plan(["p7d9fc593460": "10.244.1.2", "pb48569f9195": "10.244.1.3"])
        let second = try plan(["pb48569f9195": "10.244.1.3"])
        #expect(both["crowd.default.p7d9fc593460"]?.uplink?.port == second["crowd.default.pb48569f9195"]?.uplink?.port)
        var kernel = try kernel(with: both)
        try kernel.perform(second.operations(after: [both], observed: kernel.observed([both])))
        kernel.settle()
        try expectBuilt(second, kernel, "the second alone")
    }
}
