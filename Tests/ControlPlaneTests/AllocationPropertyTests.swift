import Addressing
import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Addresses and ports of Services, at random")
struct AllocationPropertyTests {
    private static let families = [nil, #"["IPv4"]"#, #"["IPv6"]"#, #"["IPv4","IPv6"]"#, #"["IPv6","IPv4"]"#]

    /// The spec of a Service, often one that cannot be had.
    private func spec(_ generator: inout SeededGenerator) -> JSONValue {
        func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &generator)] }
        func sometimes() -> Bool { pick([true, false, false, false]) }
        let type = pick(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"])
        var fields: [String] = [#""externalName":"e.example""#, #""type":"\#(type)""#]
        if sometimes() {
            fields.append(#""ipFamilyPolicy":"\#(pick(["SingleStack", "PreferDualStack", "RequireDualStack"]))""#)
        }
        if sometimes(), let families = pick(Self.families) { fields.append(#""ipFamilies":\#(families)"#) }
        if sometimes() {
            fields.append(
                #""clusterIP":"\#(pick(["None", "10.0.0.\(pick([1, 5, 9, 20, 77]))", "fd00::\(pick([2, 7, 9]))"]))""#)
        }
        if sometimes() { fields.append(#""selector":{"a":"b"}"#) }
        if type == "NodePort" || type == "LoadBalancer", pick([true, false]) {
            fields.append(#""externalTrafficPolicy":"Local""#)
            if type == "LoadBalancer", sometimes() {
                fields.append(#""healthCheckNodePort":\#(pick([30000, 30004, 30009, 1]))"#)
            }
        }
        if type == "LoadBalancer", sometimes() { fields.append(#""allocateLoadBalancerNodePorts":false"#) }
        let ports = (0..<pick([1, 1, 2, 3])).map { index in
            let nodePort = sometimes() ? #","nodePort":\#(30000 + pick([0, 1, 5, 9, 40]))"# : ""
            let transport = pick(["TCP", "TCP", "UDP"])
            return #"{"name":"p\#(index)","port":\#(pick([53, 80, 443])),"protocol":"\#(transport)"\#(nodePort)}"#
        }
        fields.append(#""ports":[\#(ports.joined(separator: ","))]"#)
        return (try? JSONValue(parsing: "{\(fields.joined(separator: ","))}")) ?? .null
    }

    @Test("whatever is asked for, what is allocated is what stored Services hold, once", arguments: 0..<12)
    func invariant(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let cluster = try await Cluster("10.0.0.0/28", "fd00::/124", nodePorts: 30000...30015)
        var succeeded = 0
        for _ in 0..<250 {
            let key = ObjectKey.service("s\(Int.random(in: 0..<12, using: &generator))")
            let options = WriteOptions(isDryRun: Int.random(in: 0..<6, using: &generator) == 0)
            var object = APIObject(.services, namespace: "default", name: key.name)
            object["spec"] = spec(&generator)
            do {
                switch Int.random(in: 0..<6, using: &generator) {
                case 0, 1: _ = try await cluster.registry.create(object, in: .services, options)
                case 2: _ = try await cluster.registry.update(object, in: .services, nil, options)
                case 3: _ = try await cluster.registry.patch(key, .merge(["spec": object["spec"] ?? [:]]), nil, options)
                case 4:
                    var other = object
                    other.name = "s\(Int.random(in: 0..<12, using: &generator))"
                    other["spec"] = spec(&generator)
                    _ = try await cluster.registry.apply([object, other], options)
                default: _ = try await cluster.registry.delete(key, DeleteOptions(isDryRun: options.isDryRun))
                }
                succeeded += 1
            } catch is APIStatus {} catch is ApplyError {}
            try await check(cluster, seed)
        }
        // Otherwise little was tested.
        #expect(succeeded > 30, "seed \(seed)")
    }

    private func check(_ cluster: Cluster, _ seed: UInt64) async throws {
        let services = cluster.store.objects(ObjectSelection(.services)).objects.map(\.object)
        var addresses: [IPAddress] = []
        var ports: [UInt16] = []
        for service in services {
            let held = HeldResources(of: service)
            addresses += held.addresses
            ports += held.ports
            let spec = ServiceSpec(service)
            if spec.needsClusterIP, !spec.isHeadless {
                let families = spec.clusterIPs.compactMap { IPAddress($0)?.family.description }
                #expect(
                    !families.isEmpty && families == spec.ipFamilies, "seed \(seed): \(service["spec"]?.text ?? "")")
                #expect(spec.clusterIP == spec.clusterIPs.first, "seed \(seed)")
            }
            if spec.allocatesNodePorts {
                #expect(spec.ports.allSatisfy { (30000...30015).contains($0.nodePort) }, "seed \(seed)")
            }
            let shown = spec.ports.filter { spec.needsNodePorts && $0.nodePort != 0 }.map {
                "\($0.nodePort)/\($0.protocol)"
            }
            #expect(Set(shown).count == shown.count, "seed \(seed): \(service["spec"]?.text ?? "")")
        }
        let reservations = await cluster.registry.reservations
        #expect(Set(addresses).count == addresses.count, "seed \(seed): an address is held twice")
        #expect(Set(ports).count == ports.count, "seed \(seed): a port is held twice")
        #expect(reservations.held.addresses == Set(addresses), "seed \(seed)")
        #expect(reservations.held.ports == Set(ports), "seed \(seed)")
    }

    @Test(
        "a pool gives each address once, and none that is taken",
        arguments: ["10.0.0.0/24", "fd00::/120", "10.0.0.0/30"])
    func pool(block: String) throws {
        let pool = AddressPool(try #require(CIDR(block)))
        var taken: Set<IPAddress> = []
        while let address = pool.next(where: { !taken.contains($0) }) {
            #expect(pool.contains(address))
            #expect(taken.insert(address).inserted)
        }
        #expect(taken.count == ["10.0.0.0/24": 254, "fd00::/120": 255, "10.0.0.0/30": 2][block])
    }
}
