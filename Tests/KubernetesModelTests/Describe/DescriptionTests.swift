import KubernetesModel
import TestSupport
import Testing

/// The description of one of the described objects, such as `pod/web-1`, ten minutes after its creation, with all the
/// others to look things up in.
func described(_ name: String) throws -> String {
    let all = try DescribedObjects.all.map { APIObject(try json($0)) }
    let parts = name.split(separator: "/").map(String.init)
    let type = try #require(ResourceType.named(parts[0]))
    let object = try #require(all.first { $0.kind == type.kind && $0.name == parts[1] })
    let related = all.filter {
        $0.kind != "EndpointSlice" || type == .ingresses || $0.labels["kubernetes.io/service-name"] == object.name
    }
    let events = all.filter {
        $0["involvedObject", "name"]?.string == object.name && $0["involvedObject", "kind"]?.string == object.kind
    }
    return Description.text(of: object, type: type, related: related, events: events, now: tableNow)
}

@Suite("Descriptions")
struct DescriptionTests {
    @Test("every kind is described, whatever its objects look like", arguments: ResourceType.all)
    func fuzz(type: ResourceType) {
        for seed in UInt64(0)..<300 {
            var trees = RandomTrees(generator: SeededGenerator(seed: seed))
            var object = APIObject(type, name: "web")
            for field in ["spec", "status", "data", "subsets", "endpoints", "ports"] {
                object[field] = trees.value(depth: 1)
            }
            let text = Description.text(
                of: object, type: type, related: [object], events: [APIObject(trees.value())], now: 0)
            #expect(text.hasPrefix("Name:"), "seed \(seed)")
            #expect(text.hasSuffix("\n"), "seed \(seed)")
        }
    }

    @Test("long annotations and those of several lines are broken up, and kubectl's own is left out")
    func annotations() {
        var object = APIObject(.configMaps, name: "a")
        object.annotations = [
            "long": String(repeating: "x", count: 200), "lines": "a\nb\n",
            "kubectl.kubernetes.io/last-applied-configuration": "{}",
        ]
        let text = Description.text(of: object, type: .configMaps, now: 0)
        #expect(text.contains("Annotations:  lines:\n                a\n                b\n              long:\n"))
        #expect(text.contains("                \(String(repeating: "x", count: 138))...\n"))
        #expect(!text.contains("last-applied"))
    }

    @Test("old replica sets are told apart from the new one")
    func replicaSets() throws {
        var deployment = APIObject(.deployments, name: "web")
        deployment.uid = "u"
        deployment.annotations = ["deployment.kubernetes.io/revision": "2"]
        let sets = (1...2).map { revision in
            var set = APIObject(.replicaSets, name: "web-\(revision)")
            set.annotations = ["deployment.kubernetes.io/revision": "\(revision)"]
            set.ownerReferences = [OwnerReference(controller: deployment)]
            set["spec", "replicas"] = .integer(Int64(revision - 1))
            return set
        }
        let text = Description.text(of: deployment, type: .deployments, related: sets, now: 0)
        #expect(text.contains("OldReplicaSets:    web-1 (0/0 replicas created)\n"))
        #expect(text.contains("NewReplicaSet:     web-2 (0/1 replicas created)\n"))
    }
}
