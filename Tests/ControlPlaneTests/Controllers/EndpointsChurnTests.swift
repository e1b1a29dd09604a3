import Addressing
import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Endpoints under churn", .timeLimit(.minutes(2)))
struct EndpointsChurnTests {
    /// Changes what is in the store at random.
    private struct Churn {
        let registry: Registry
        var generator: SeededGenerator
        private let services = 12
        private let pods = 80

        init(_ registry: Registry, seed: UInt64) {
            self.registry = registry
            generator = SeededGenerator(seed: seed)
        }

        private mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }

        mutating func step() async throws {
            switch number(0..<10) {
            case 0: try await changeService()
            case 1: try await changeNode()
            default: try await changePod()
            }
        }

        private mutating func changeService() async throws {
            let name = "s\(number(0..<services))"
            if registry.store.object(.service(name)) != nil {
                if number(0..<2) == 0 {
                    _ = try await registry.delete(.service(name))
                } else {
                    let selector: JSONValue = ["app": .string("a\(number(0..<4))")]
                    try await registry.modify(.service(name), nil) { $0["spec", "selector"] = selector }
                }
                return
            }
            let spec: JSONValue = [
                "selector": ["app": .string("a\(number(0..<4))")], "ports": [["port": 80, "targetPort": "http"]],
                "publishNotReadyAddresses": .bool(number(0..<4) == 0),
            ]
            _ = try await registry.create(APIObject(.services, name: name, ["spec": spec]), in: .services)
        }

        private mutating func changeNode() async throws {
            let key = ObjectKey(.nodes, name: "n\(number(0..<3))")
            let zone = ["a", "b"][number(0..<2)]
            if registry.store.object(key) == nil {
                _ = try await registry.create(Sample.nodeObject(key.name), in: .nodes)
            } else if number(0..<3) == 0 {
                _ = try await registry.delete(key)
            } else {
                try await registry.modify(key, nil) { $0.labels = ["topology.kubernetes.io/zone": zone] }
            }
        }

        private mutating func changePod() async throws {
            let id = number(0..<pods)
            let key = ObjectKey.pod("p\(id)")
            guard registry.store.object(key) != nil else {
                let port: JSONValue = .integer(Int64([80, 8080][number(0..<2)]))
                var pod = Sample.podObject(
                    key.name, node: "n\(number(0..<3))", labels: ["app": .init("a\(number(0..<4))")],
                    ports: [["name": "http", "containerPort": port]])
                pod.uid = ""
                pod["status"] = nil
                _ = try await registry.create(pod, in: .pods)
                return
            }
            let isReady = number(0..<2) == 0
            let app = "a\(number(0..<4))"
            switch number(0..<6) {
            case 0: _ = try await registry.delete(key, DeleteOptions(gracePeriodSeconds: number(0..<2) == 0 ? 0 : 30))
            case 1: try await registry.modify(key, nil) { $0.labels = ["app": app] }
            default:
                try await registry.modify(key, .status) { pod in
                    pod["status"] = [
                        "phase": "Running", "podIPs": [["ip": .string("10.244.0.\(id)")]],
                        "conditions": [["type": "Ready", "status": isReady ? "True" : "False"]],
                    ]
                }
            }
        }
    }

    private func expected(_ service: Service, _ store: ObjectStore) -> (slices: [String], endpoints: JSONValue) {
        let pods = store.pods(service.selector ?? [:])
        let nodes = store.objects(ObjectSelection(.nodes)).objects.map { Node($0.object) }
        let byName = Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, $0) })
        let groups = DesiredEndpoints(of: service, .ipv4, pods: pods, nodes: byName).groups
        let lines = groups.flatMap { group in
            group.endpoints.map { "\(group.ports.map(\.value.text)) \($0.value.text)" }
        }
        return (lines.sorted(), EndpointSubsets(of: service, pods: pods).value)
    }

    @Test("whatever changes, every Service's slices and Endpoints come to say what its pods are", arguments: 0..<3)
    func churn(seed: UInt64) async throws {
        let registry = Registry(store: ObjectStore())
        try await registry.bootstrap(caCertificate: "PEM")
        let context = ControllerContext(registry: registry, events: EventRecorder(registry: registry))
        var loop = ControllerLoop(EndpointsController(), context, logger: .init(label: "test"))
        var churn = Churn(registry, seed: seed)
        for round in 0..<16 {
            for _ in 0..<12 { try await churn.step() }
            await loop.settle()
            let store = registry.store
            var names: Set<String> = ["kubernetes"]
            for object in store.objects(ObjectSelection(.services)).objects where object.key.name != "kubernetes" {
                let service = Service(object.object)
                let wanted = expected(service, store)
                let slices = store.slices(of: service.name)
                let found = slices.flatMap { slice in
                    slice.endpoints.map { "\(slice.ports.map(\.value.text)) \($0.value.text)" }
                }
                #expect(found.sorted() == wanted.slices, "seed \(seed), round \(round), \(service.name)")
                #expect(!slices.isEmpty, "seed \(seed), round \(round), \(service.name)")
                let key = ObjectKey(.endpoints, namespace: "default", name: service.name)
                #expect(
                    store.object(key)?.object["subsets"] ?? [] == wanted.endpoints,
                    "seed \(seed), round \(round), \(service.name)")
                names.insert(service.name)
            }
            for type in [ResourceType.endpoints, .endpointSlices] {
                let left = store.objects(ObjectSelection(type)).objects.map(\.object).filter {
                    !names.contains($0.labels["kubernetes.io/service-name"] ?? $0.name)
                }
                #expect(left.isEmpty, "seed \(seed), round \(round): \(left.map(\.name)) of Services that have gone")
            }
        }
    }
}
