import KubernetesModel
import Testing

@testable import ControlPlane

@Suite("Endpoints of a Service")
struct EndpointSubsetsTests {
    private func ips(_ subset: JSONValue, _ field: String) -> [String] {
        (subset[field]?.array ?? []).compactMap { $0["ip"]?.string }
    }

    @Test("addresses with the same ports are in one subset, in the order of their texts, ready or not")
    func repacking() throws {
        let pods = [("a", "10.0.0.9", true), ("b", "10.0.0.10", true), ("c", "10.0.0.3", false)].map {
            Sample.pod($0.0, ips: [$0.1], isReady: $0.2)
        }
        let subsets = try #require(EndpointSubsets(of: Sample.service(), pods: pods).value.array)
        #expect(subsets.count == 1)
        #expect(ips(subsets[0], "addresses") == ["10.0.0.10", "10.0.0.9"])
        #expect(ips(subsets[0], "notReadyAddresses") == ["10.0.0.3"])
        #expect(subsets[0]["ports"] == [["port": 80, "protocol": "TCP"]])
    }

    @Test("pods that end are left out, those that are not ready are ready where all are published")
    func publishing() throws {
        let pods = [Sample.pod("a", isReady: false, isTerminating: true)]
        #expect(EndpointSubsets(of: Sample.service(), pods: pods).value == [])
        let all = EndpointSubsets(of: Sample.service(spec: ["publishNotReadyAddresses": true]), pods: pods).value
        #expect(all.array?.first.map { ips($0, "addresses") } == ["10.244.0.1"])
    }

    @Test("a headless Service without ports has addresses and no ports, another one nothing")
    func withoutPorts() {
        let headless = EndpointSubsets(of: Sample.service(ports: [], clusterIP: "None"), pods: [Sample.pod("a")])
        #expect(headless.value.array?.first?["ports"] == nil)
        #expect(headless.value.array?.count == 1)
        #expect(EndpointSubsets(of: Sample.service(ports: []), pods: [Sample.pod("a")]).value == [])
    }

    @Test("more than 1000 addresses are cut, those that are not ready first, and it is said")
    func capacity() throws {
        func pods(ready: Int, notReady: Int) -> [Pod] {
            (0..<ready + notReady).map {
                Sample.pod("p\($0)", ips: ["10.\($0 / 250).0.\($0 % 250)"], isReady: $0 < ready)
            }
        }
        let some = EndpointSubsets(of: Sample.service(), pods: pods(ready: 900, notReady: 200))
        let subset = try #require(some.value.array?.first)
        #expect(some.isTruncated)
        #expect(ips(subset, "addresses").count == 900 && ips(subset, "notReadyAddresses").count == 100)
        let many = try #require(
            EndpointSubsets(of: Sample.service(), pods: pods(ready: 1_200, notReady: 5)).value.array?.first)
        #expect(ips(many, "addresses").count == 1_000 && ips(many, "notReadyAddresses").isEmpty)
        #expect(!EndpointSubsets(of: Sample.service(), pods: pods(ready: 1_000, notReady: 0)).isTruncated)
    }

    @Test("what somebody wrote into Endpoints is mirrored, each family in a slice of its own")
    func mirroring() throws {
        var object = APIObject(
            .endpoints, name: "db",
            [
                "subsets": [
                    [
                        "addresses": [["ip": "192.0.2.1"], ["ip": "2001:db8::1", "hostname": "six"]],
                        "notReadyAddresses": [["ip": "192.0.2.2"]], "ports": [["name": "sql", "port": 5432]],
                    ]
                ]
            ])
        object.labels = ["team": "a"]
        object.annotations = [
            "note": "x", "endpoints.kubernetes.io/last-change-trigger-time": "t",
            "kubectl.kubernetes.io/last-applied-configuration": "{}",
        ]
        #expect(MirroredEndpoints.isWanted(object))
        var shelf = SliceShelf()
        shelf.apply(MirroredEndpoints.plan(for: object, existing: []))
        #expect(shelf.sorted.map(\.family) == [.ipv4, .ipv6])
        #expect(shelf.endpoints.map(\.ready) == [true, false, true])
        #expect(shelf.endpoints.map(\.hostname) == [nil, nil, "six"])
        let first = try #require(shelf.sorted.first)
        #expect(first.managedBy == "endpointslicemirroring-controller.k8s.io" && first.labels["team"] == "a")
        #expect(first.annotations == ["note": "x"] && first.serviceName == "db")
        object["subsets"] = []
        shelf.apply(MirroredEndpoints.plan(for: object, existing: shelf.sorted))
        #expect(shelf.sorted.isEmpty)
        object.labels = ["endpointslice.kubernetes.io/skip-mirror": "true"]
        #expect(!MirroredEndpoints.isWanted(object))
    }

    @Test("topology-mode Auto gives every zone its share, and leaves out what cannot be fair")
    func topology() {
        let nodes = [Sample.node("n1", zone: "a"), Sample.node("n2", zone: "b")]
        let shares = EndpointHints.zoneShares(nodes)
        #expect(shares == ["a": 0.5, "b": 0.5])
        #expect(EndpointHints.zones(for: ["a", "a", "b", "b"], shares: shares) == ["a", "a", "b", "b"])
        let lopsided = EndpointHints.zones(for: ["a", "a", "a", "a", "a", "b"], shares: shares)
        #expect(lopsided?.count { $0 == "b" } == 3)
        #expect(EndpointHints.zones(for: ["a"], shares: shares) == nil)
        #expect(EndpointHints.zones(for: ["a", nil], shares: shares) == nil)
        #expect(EndpointHints.zoneShares([Sample.node("n1", zone: "a"), Sample.node("n2")]) == nil)
        #expect(EndpointHints.zoneShares([Sample.node("n1", zone: "a")]) == nil)
    }
}
