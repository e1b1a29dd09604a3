import Addressing
import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Addresses and ports of Services")
struct ServiceAllocationTests {
    @Test("a Service gets one address of the upper part of the block, and a single-stack policy")
    func singleStack() async throws {
        let cluster = try await Cluster()
        let service = try await cluster.service("web")
        let text = try #require(service["spec", "clusterIP"]?.string)
        let address = try #require(IPAddress(text))
        #expect(AddressPool(try #require(CIDR("10.96.0.0/12"))).contains(address))
        #expect(address > IPAddress("10.96.1.0").unsafelyUnwrapped)
        #expect(service["spec", "clusterIPs"] == [.string(text)])
        #expect(service["spec", "ipFamilies"] == ["IPv4"])
        #expect(service["spec", "ipFamilyPolicy"] == "SingleStack")
    }

    @Test(
        "addresses that are asked for are given or refused in the API server's words",
        arguments: [
            ("10.96.0.10", nil),
            ("10.96.0.1", "provided IP is already allocated"),
            ("10.95.0.1", "provided IP is not in the valid range. The range of valid IPs is 10.96.0.0/12"),
            ("10.96.0.0", "provided IP is not in the valid range. The range of valid IPs is 10.96.0.0/12"),
            ("10.111.255.255", "provided IP is not in the valid range. The range of valid IPs is 10.96.0.0/12"),
        ])
    func named(address: String, refusal: String?) async throws {
        let cluster = try await Cluster()
        let spec = #"{"clusterIP":"\#(address)","ports":[{"port":80}]}"#
        guard let refusal else {
            #expect(try await cluster.service("web", spec)["spec", "clusterIP"] == .string(address))
            return
        }
        let status = try await cluster.refusal { try await cluster.service("web", spec) }
        #expect(status.code == 422)
        #expect(
            status.message
                == "Service \"web\" is invalid: spec.clusterIPs: Invalid value: [\"\(address)\"]: "
                + "failed to allocate IP \(address): \(refusal)")
    }

    @Test("C21: an address with leading zeros is decimal, kept as it was written, and nobody else's")
    func leadingZeros() async throws {
        let cluster = try await Cluster()
        let padded = try await cluster.service("padded", #"{"clusterIP":"010.096.000.005","ports":[{"port":80}]}"#)
        #expect(padded["spec", "clusterIPs"] == ["010.096.000.005"])
        #expect(padded["spec", "ipFamilies"] == ["IPv4"])
        for (index, address) in ["10.96.0.5", "10.096.0.05"].enumerated() {
            let status = try await cluster.refusal {
                try await cluster.service("web-\(index)", #"{"clusterIP":"\#(address)","ports":[{"port":80}]}"#)
            }
            #expect(status.code == 422)
            #expect(status.message.hasSuffix("failed to allocate IP 10.96.0.5: provided IP is already allocated"))
        }
        let octal = try await cluster.refusal {
            try await cluster.service("octal", #"{"clusterIP":"012.96.0.9","ports":[{"port":80}]}"#)
        }
        #expect(octal.message.contains("failed to allocate IP 12.96.0.9: provided IP is not in the valid range"))
        #expect(await cluster.registry.reservations == Reservations(of: cluster.store))
        _ = try await cluster.registry.delete(.service("padded"))
        _ = try await cluster.service("web", #"{"clusterIP":"10.96.0.5","ports":[{"port":80}]}"#)
    }

    @Test("headless and ExternalName Services hold nothing")
    func withoutAddress() async throws {
        let cluster = try await Cluster()
        let before = await cluster.registry.reservations
        let headless = try await cluster.service(
            "h", #"{"clusterIP":"None","selector":{"a":"b"},"ports":[{"port":80}]}"#)
        #expect(headless["spec", "clusterIPs"] == ["None"])
        #expect(headless["spec", "ipFamilies"] == ["IPv4"])
        let external = try await cluster.service("e", #"{"type":"ExternalName","externalName":"example.com"}"#)
        #expect(external["spec", "clusterIP"] == nil)
        #expect(external["spec", "ipFamilies"] == nil)
        // Whoever gives the endpoints of a headless Service without selector may have both families.
        let open = try await cluster.service("o", #"{"clusterIP":"None","ports":[{"port":80}]}"#)
        #expect(open["spec", "ipFamilyPolicy"] == "RequireDualStack")
        #expect(open["spec", "ipFamilies"] == ["IPv4", "IPv6"])
        #expect(await cluster.registry.reservations == before)
    }

    @Test(
        "families follow the policy",
        arguments: [
            (#"{}"#, ["IPv4"], "SingleStack"),
            (#"{"ipFamilyPolicy":"PreferDualStack"}"#, ["IPv4", "IPv6"], "PreferDualStack"),
            (#"{"ipFamilyPolicy":"RequireDualStack"}"#, ["IPv4", "IPv6"], "RequireDualStack"),
            (#"{"ipFamilyPolicy":"RequireDualStack","ipFamilies":["IPv6"]}"#, ["IPv6", "IPv4"], "RequireDualStack"),
            (#"{"ipFamilies":["IPv6"]}"#, ["IPv6"], "SingleStack"),
            (#"{"clusterIP":"fd00::77"}"#, ["IPv6"], "SingleStack"),
        ])
    func dualStack(spec: String, families: [String], policy: String) async throws {
        let cluster = try await Cluster("10.96.0.0/16", "fd00::/108")
        var object = try Cluster.object(#"{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"}}"#)
        object["spec"] = try JSONValue(parsing: spec)
        object["spec", "ports"] = [["port": 80]]
        let service = try await cluster.registry.create(object, in: .services).object
        #expect(service["spec", "ipFamilies"] == .array(families.map { .string($0) }))
        #expect(service["spec", "ipFamilyPolicy"] == .string(policy))
        let addresses = (service["spec", "clusterIPs"]?.array ?? []).compactMap(\.string).compactMap { IPAddress($0) }
        #expect(addresses.map(\.family.description) == families)
        #expect(service["spec", "clusterIP"]?.string == addresses.first?.description)
    }

    @Test("a cluster of one family prefers in vain and requires in vain")
    func dualStackOnSingle() async throws {
        let cluster = try await Cluster()
        let preferring = try await cluster.service("p", #"{"ipFamilyPolicy":"PreferDualStack","ports":[{"port":80}]}"#)
        #expect(preferring["spec", "ipFamilies"] == ["IPv4"])
        let status = try await cluster.refusal {
            try await cluster.service("r", #"{"ipFamilyPolicy":"RequireDualStack","ports":[{"port":80}]}"#)
        }
        #expect(
            status.message.contains(
                "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": "
                    + "this cluster is not configured for dual-stack services"))
        let family = try await cluster.refusal {
            try await cluster.service("f", #"{"ipFamilies":["IPv6"],"ports":[{"port":80}]}"#)
        }
        #expect(family.message.contains("spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster"))
    }

    @Test("the second address comes and goes with the policy")
    func upgradeAndDowngrade() async throws {
        let cluster = try await Cluster("10.96.0.0/16", "fd00::/108")
        let first = try await cluster.service("web")
        let up = try await cluster.merge(.service("web"), #"{"spec":{"ipFamilyPolicy":"PreferDualStack"}}"#).object
        #expect(up["spec", "clusterIP"] == first["spec", "clusterIP"])
        #expect(up["spec", "clusterIPs"]?.array?.count == 2)
        let refused = try await cluster.refusal {
            _ = try await cluster.merge(.service("web"), #"{"spec":{"ipFamilies":["IPv4"]}}"#)
        }
        #expect(refused.message.contains("must be 'SingleStack' to release the secondary IP family"))
        let down = try await cluster.merge(.service("web"), #"{"spec":{"ipFamilyPolicy":"SingleStack"}}"#).object
        #expect(down["spec", "clusterIPs"] == first["spec", "clusterIPs"])
        #expect(down["spec", "ipFamilies"] == ["IPv4"])
        #expect(await cluster.registry.reservations == Reservations(of: cluster.store))
    }

    @Test("node ports are given, honoured, shared between protocols of a port, and refused")
    func nodePorts() async throws {
        let cluster = try await Cluster()
        let any = try await cluster.service("any", #"{"type":"NodePort","ports":[{"port":80}]}"#)
        let given = ServiceSpec(any).ports[0].nodePort
        #expect((30086...32767).contains(given))
        let dns = try await cluster.service(
            "dns",
            #"{"type":"NodePort","ports":[{"name":"t","port":53,"protocol":"TCP"},{"name":"u","port":53,"protocol":"UDP"}]}"#
        )
        #expect(Set(ServiceSpec(dns).ports.map(\.nodePort)).count == 1)
        try await cluster.service("named", #"{"type":"NodePort","ports":[{"port":80,"nodePort":30007}]}"#)
        for (port, why) in [
            (30007, "provided port is already allocated"),
            (80, "provided port is not in the valid range. The range of valid ports is 30000-32767"),
        ] {
            let status = try await cluster.refusal {
                try await cluster.service("x", #"{"type":"NodePort","ports":[{"port":80,"nodePort":\#(port)}]}"#)
            }
            #expect(
                status.message
                    == "Service \"x\" is invalid: spec.ports[0].nodePort: Invalid value: \(port): \(why)")
        }
    }

    @Test("load balancers get node ports unless they do without, and a port for health checks with local traffic")
    func loadBalancers() async throws {
        let cluster = try await Cluster()
        let plain = try await cluster.service("a", #"{"type":"LoadBalancer","ports":[{"port":80}]}"#)
        #expect(ServiceSpec(plain).ports[0].nodePort != 0)
        #expect(plain["spec", "healthCheckNodePort"] == nil)
        let without = try await cluster.service(
            "b", #"{"type":"LoadBalancer","allocateLoadBalancerNodePorts":false,"ports":[{"port":80}]}"#)
        #expect(ServiceSpec(without).ports[0].nodePort == 0)
        let local = try await cluster.service(
            "c", #"{"type":"LoadBalancer","externalTrafficPolicy":"Local","ports":[{"port":80}]}"#)
        let check = ServiceSpec(local).healthCheckNodePort
        #expect(check != 0 && check != ServiceSpec(local).ports[0].nodePort)
        let cluster2 = try await cluster.merge(.service("c"), #"{"spec":{"externalTrafficPolicy":"Cluster"}}"#)
        #expect(cluster2.object["spec", "healthCheckNodePort"] == nil)
        #expect(await cluster.registry.reservations == Reservations(of: cluster.store))
    }

    @Test("what was allocated stays where the client leaves it out")
    func resending() async throws {
        let cluster = try await Cluster()
        let spec = #"{"type":"NodePort","ports":[{"name":"a","port":80},{"name":"b","port":81}]}"#
        let made = try await cluster.service("web", spec)
        var manifest = try Cluster.object(#"{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"}}"#)
        manifest["spec"] = try JSONValue(parsing: spec)
        manifest.namespace = "default"
        let again = try await cluster.registry.update(manifest, in: .services)
        #expect(again.outcome == .unchanged)
        // A port that is added gets one of its own, the others keep theirs.
        let added = try await cluster.merge(
            .service("web"),
            #"{"spec":{"ports":[{"name":"new","port":79},{"name":"b","port":81},{"name":"a","port":80}]}}"#
        ).object
        let before = Dictionary(uniqueKeysWithValues: ServiceSpec(made).ports.map { ($0.name, $0.nodePort) })
        let after = Dictionary(uniqueKeysWithValues: ServiceSpec(added).ports.map { ($0.name, $0.nodePort) })
        #expect(after["a"] == before["a"] && after["b"] == before["b"])
        #expect(Set(after.values).count == 3)
    }

    @Test(
        "a change of type takes and gives back what the types hold",
        arguments: ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"],
        ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"])
    func typeChanges(from: String, to: String) async throws {
        let cluster = try await Cluster()
        let before = await cluster.registry.reservations
        try await cluster.service("web", #"{"type":"\#(from)","externalName":"e.example","ports":[{"port":80}]}"#)
        let changed = try await cluster.merge(
            .service("web"), #"{"spec":{"type":"\#(to)","externalName":"e.example"}}"#
        ).object
        let spec = ServiceSpec(changed)
        #expect(spec.clusterIPs.isEmpty == (to == "ExternalName"))
        #expect(spec.clusterIP.isEmpty == (to == "ExternalName"))
        #expect((spec.ports[0].nodePort != 0) == spec.needsNodePorts)
        #expect(await cluster.registry.reservations == Reservations(of: cluster.store))
        _ = try await cluster.registry.delete(.service("web"))
        #expect(await cluster.registry.reservations == before)
    }

    @Test("a block is given away to its last address, and no further")
    func exhaustion() async throws {
        let cluster = try await Cluster("10.0.0.0/29", nodePorts: 30000...30002)
        for number in 0..<5 { try await cluster.service("s\(number)") }
        let full = try await cluster.refusal { try await cluster.service("s5") }
        #expect(full.code == 500)
        #expect(full.message == "Internal error occurred: failed to allocate a serviceIP: range is full")
        for number in 0..<3 {
            _ = try await cluster.merge(.service("s\(number)"), #"{"spec":{"type":"NodePort"}}"#)
        }
        let ports = try await cluster.refusal {
            _ = try await cluster.merge(.service("s3"), #"{"spec":{"type":"NodePort"}}"#)
        }
        #expect(ports.message == "Internal error occurred: failed to allocate a nodePort: range is full")
        _ = try await cluster.registry.delete(.service("s0"))
        _ = try await cluster.merge(.service("s3"), #"{"spec":{"type":"NodePort"}}"#)
        try await cluster.service("s6")
    }

    @Test("what is held is known again after a restart")
    func restart() async throws {
        let directory = try TemporaryDirectory()
        var reservations: Reservations?
        do {
            let registry = Registry(store: try ObjectStore(path: directory.path + "/objects"))
            try await registry.bootstrap()
            let service = try Cluster.object(
                #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"type":"NodePort","ports":[{"port":1}]}}"#
            )
            _ = try await registry.create(service, in: .services)
            reservations = await registry.reservations
        }
        let registry = Registry(store: try ObjectStore(path: directory.path + "/objects"))
        let version = registry.store.resourceVersion
        try await registry.bootstrap()
        #expect(registry.store.resourceVersion == version)
        #expect(await registry.reservations == reservations)
    }
}
