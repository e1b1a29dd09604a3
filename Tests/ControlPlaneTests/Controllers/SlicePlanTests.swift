import Addressing
import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("EndpointSlices of a Service")
struct SlicePlanTests {
    private let nodes = Sample.nodes(Sample.node("n1", zone: "a"), Sample.node("n2", zone: "b"))

    private func plan(_ service: Service, _ pods: [Pod], _ existing: [EndpointSlice] = []) -> SlicePlan {
        SlicePlan(of: service, pods: pods, nodes: nodes, existing: existing)
    }

    private func endpoints(_ service: Service, _ pods: [Pod]) -> [EndpointSlice.Endpoint] {
        plan(service, pods).created.flatMap(\.endpoints)
    }

    @Test("an endpoint tells its pod, node and zone, and a slice whose it is")
    func content() throws {
        let service = Sample.service(
            ports: [["name": "http", "port": 80, "targetPort": 8080]],
            labels: ["team": "a", "kubernetes.io/service-name": "x"])
        let content = try #require(plan(service, [Sample.pod("p")]).created.first)
        #expect(content.ports == [EndpointSlice.Port(name: "http", transport: .tcp, number: 8080)])
        #expect(
            content.labels == [
                "team": "a", "kubernetes.io/service-name": "web",
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            ])
        let endpoint = try #require(content.endpoints.first)
        #expect(endpoint.addresses == ["10.244.0.1"] && endpoint.nodeName == "n1" && endpoint.zone == "a")
        #expect(endpoint.target?.name == "p" && endpoint.target?.uid == "uid-p")
        let object = content.object(
            ownedBy: OwnerReference(controller: APIObject(.services, name: "web")), namespace: "default")
        #expect(object["metadata", "generateName"] == "web-" && object.name.isEmpty)
        #expect(object.controller?.kind == "Service")
        #expect(object["addressType"] == "IPv4")
    }

    @Test(
        "ready, serving and terminating follow the pod",
        arguments: [
            (true, false, false, [true, true, false]), (false, false, false, [false, false, false]),
            (true, true, false, [false, true, true]), (false, true, false, [false, false, true]),
            (false, false, true, [true, false, false]), (true, true, true, [true, true, true]),
        ])
    func conditions(isReady: Bool, isTerminating: Bool, publishesAll: Bool, expected: [Bool]) {
        let service = Sample.service(spec: ["publishNotReadyAddresses": .bool(publishesAll)])
        let found = endpoints(service, [Sample.pod("p", isReady: isReady, isTerminating: isTerminating)])
        #expect(found.map { [$0.isReady, $0.isServing, $0.isTerminating] } == [expected])
    }

    @Test("pods that have ended, have no address or are on no known node are no endpoints")
    func excluded() {
        let pods = [
            Sample.pod("a", phase: "Failed"), Sample.pod("b", phase: "Succeeded"), Sample.pod("c", ips: []),
            Sample.pod("d", node: "gone"), Sample.pod("e", ips: ["fd00::1"]),
        ]
        #expect(endpoints(Sample.service(), pods).isEmpty)
        #expect(endpoints(Sample.service(spec: ["publishNotReadyAddresses": true]), [pods[3]]).count == 1)
    }

    @Test("a named port that is another number in each pod makes a slice for each")
    func namedPorts() {
        let service = Sample.service(ports: [["name": "http", "port": 80, "targetPort": "web"]])
        let pods = [80, 8080, 80].enumerated().map { index, number in
            Sample.pod(
                "p\(index)", ips: ["10.244.0.\(index + 1)"],
                ports: [["name": "web", "containerPort": .integer(number)]])
        }
        let created = plan(service, pods).created
        #expect(created.map { $0.ports.map(\.number) } == [[80], [8080]])
        #expect(created.map(\.endpoints.count) == [2, 1])
    }

    @Test("a dual-stack Service has slices of both families, and loses those of a family that goes")
    func families() {
        let pod = Sample.pod("p", ips: ["10.244.0.1", "fd00::1"])
        var shelf = SliceShelf()
        shelf.apply(plan(Sample.service(families: ["IPv4", "IPv6"]), [pod]))
        #expect(shelf.sorted.map(\.family) == [.ipv4, .ipv6])
        #expect(shelf.endpoints.map(\.addresses) == [["10.244.0.1"], ["fd00::1"]])
        shelf.apply(plan(Sample.service(families: ["IPv6"]), [pod], shelf.sorted))
        #expect(shelf.sorted.map(\.family) == [.ipv6])
    }

    @Test("a Service without endpoints keeps one slice that is empty, and gives it up when there are some")
    func placeholder() {
        var shelf = SliceShelf()
        let service = Sample.service()
        shelf.apply(plan(service, []))
        #expect(shelf.sorted.map(\.endpoints.count) == [0] && shelf.sorted[0].ports.isEmpty)
        shelf.apply(plan(service, [], shelf.sorted))
        #expect(shelf.writes == 0)
        shelf.apply(plan(service, [Sample.pod("p")], shelf.sorted))
        #expect(shelf.sorted.map(\.endpoints.count) == [1])
        shelf.apply(plan(service, [], shelf.sorted))
        #expect(shelf.sorted.map(\.endpoints.count) == [0])
    }

    @Test("a headless Service's slices say so; its pods' own names are told where the subdomain is the Service")
    func headless() {
        let service = Sample.service(clusterIP: "None")
        let pods = [
            Sample.pod("a", ips: ["10.244.0.1"], ["hostname": "db-0", "subdomain": "web"]),
            Sample.pod("b", ips: ["10.244.0.2"], ["hostname": "db-1", "subdomain": "other"]),
        ]
        let created = plan(service, pods).created
        #expect(created.first?.labels["service.kubernetes.io/headless"]?.isEmpty == true)
        #expect(created.flatMap(\.endpoints).map(\.hostname) == ["db-0", nil])
    }

    @Test(
        "trafficDistribution gives hints of zone and node, and takes them away when it goes",
        arguments: [
            ("PreferClose", ["a"], [String]()), ("PreferSameZone", ["a"], []), ("PreferSameNode", ["a"], ["n1"]),
        ])
    func hints(distribution: String, zones: [String], hintedNodes: [String]) {
        var shelf = SliceShelf()
        shelf.apply(plan(Sample.service(spec: ["trafficDistribution": .string(distribution)]), [Sample.pod("p")]))
        #expect(shelf.endpoints.map(\.zoneHints) == [zones] && shelf.endpoints.map(\.nodeHints) == [hintedNodes])
        shelf.apply(plan(Sample.service(), [Sample.pod("p")], shelf.sorted))
        #expect(shelf.endpoints.map(\.zoneHints) == [[]])
    }

    @Test("a changed label of the Service is carried over to its slices")
    func labels() {
        var shelf = SliceShelf()
        shelf.apply(plan(Sample.service(labels: ["a": "1"]), [Sample.pod("p")]))
        shelf.apply(plan(Sample.service(labels: ["b": "2"]), [Sample.pod("p")], shelf.sorted))
        #expect(shelf.sorted.map { $0.labels["b"] } == ["2"] && shelf.sorted[0].labels["a"] == nil)
        #expect(shelf.writes == 1)
    }

    @Test("one pod more or less writes one slice, whatever the number of endpoints")
    func minimalChange() {
        var pods = (0..<250).map { Sample.pod("p\($0)", ips: ["10.244.\($0 / 250).\($0 % 250 + 1)"]) }
        var shelf = SliceShelf()
        shelf.apply(plan(Sample.service(), pods))
        #expect(shelf.sorted.map(\.endpoints.count) == [100, 100, 50])
        pods.remove(at: 7)
        shelf.apply(plan(Sample.service(), pods, shelf.sorted))
        #expect(shelf.writes == 1)
        pods.append(Sample.pod("new", ips: ["10.245.0.1"]))
        shelf.apply(plan(Sample.service(), pods, shelf.sorted))
        #expect(shelf.writes == 1)
        #expect(shelf.sorted.map(\.endpoints.count).sorted() == [50, 100, 100])
    }

    @Test(
        "after any changes the slices hold exactly the endpoints that should be, none twice, at most 100 each",
        arguments: 0..<6)
    func property(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var pods: [Int: Pod] = [:]
        var shelf = SliceShelf()
        let service = Sample.service(
            ports: [["name": "http", "port": 80, "targetPort": "web"]], families: ["IPv4", "IPv6"],
            spec: ["trafficDistribution": "PreferClose"])
        for step in 0..<20 {
            for _ in 0..<Int.random(in: 1...60, using: &generator) {
                let id = Int.random(in: 0..<400, using: &generator)
                if Int.random(in: 0..<3, using: &generator) == 0 {
                    pods[id] = nil
                } else {
                    pods[id] = pod(id, &generator)
                }
            }
            let current = pods.values.sorted { $0.name < $1.name }
            shelf.apply(plan(service, current, shelf.sorted))
            let expected = [AddressFamily.ipv4, .ipv6].flatMap { family in
                DesiredEndpoints(of: service, family, pods: current, nodes: nodes).groups.flatMap { group in
                    group.endpoints.map { "\(group.ports.map(\.value.text)) \($0.addresses) \($0.ready ?? true)" }
                }
            }
            let found = shelf.sorted.flatMap { slice in
                slice.endpoints.map { "\(slice.ports.map(\.value.text)) \($0.addresses) \($0.ready ?? true)" }
            }
            #expect(found.sorted() == expected.sorted(), "seed \(seed), step \(step)")
            #expect(shelf.sorted.allSatisfy { $0.endpoints.count <= 100 }, "seed \(seed), step \(step)")
            #expect(shelf.endpoints.allSatisfy { $0.zoneHints == [$0.zone].compactMap(\.self) }, "seed \(seed)")
            let again = plan(service, current, shelf.sorted)
            #expect(
                again.created.isEmpty && again.deleted.isEmpty && again.changed(from: shelf.sorted).isEmpty,
                "seed \(seed), step \(step): a second look finds something to do")
        }
    }

    private func pod(_ id: Int, _ generator: inout SeededGenerator) -> Pod {
        let number: Int64 = [80, 8080].randomElement(using: &generator) ?? 80
        return Sample.pod(
            "p\(id)", ips: ["10.244.\(id / 200).\(id % 200)", "fd00::\(id)"],
            node: ["n1", "n2"].randomElement(using: &generator), isReady: Bool.random(using: &generator),
            isTerminating: Int.random(in: 0..<5, using: &generator) == 0,
            ports: [["name": "web", "containerPort": .integer(number)]])
    }
}
