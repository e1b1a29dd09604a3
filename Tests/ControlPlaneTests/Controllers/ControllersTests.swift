import KubernetesModel
import Testing

@testable import ControlPlane

@Suite("Controllers in a cluster", .timeLimit(.minutes(2)))
struct ControllersTests {
    private static let service = #"""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web","labels":{"team":"a"}},
        "spec":{"selector":{"app":"web"},"ports":[{"name":"http","port":80,"targetPort":"http"}]}}
        """#

    @Test("a Deployment's pods are made, spread over nodes, and answer for the Service that selects them")
    func fromDeploymentToEndpoints() async throws {
        try await ControllersCluster.run { cluster in
            try await cluster.create(Self.service)
            try await cluster.deployment("web", replicas: 4)
            try await cluster.until("the rollout's end") { $0.isComplete("web") }
            try await cluster.until("four ready endpoints") { store in
                store.slices(of: "web").flatMap(\.endpoints).count { $0.isReady } == 4
            }
            try await cluster.until("four addresses") { $0.endpoints("web").count == 4 }
            let pods = cluster.store.pods(["app": "web"])
            #expect(Set(pods.compactMap(\.nodeName)) == ["n1", "n2"])
            #expect(pods.count { $0.nodeName == "n1" } == 2)
            #expect(pods.allSatisfy { $0.condition("PodScheduled")?.isTrue ?? false })
            let slice = try #require(cluster.store.slices(of: "web").first)
            #expect(slice.name.hasPrefix("web-") && slice.name.count == 9)
            #expect(slice.ports.map(\.number) == [8080] && slice.labels["team"] == "a")
            #expect(Set(slice.endpoints.compactMap(\.zone)) == ["a", "b"])
            #expect(cluster.store.events("SuccessfulCreate").count == 4)
            #expect(cluster.store.events("Scheduled").count == 4)
            let scaled = try #require(cluster.store.events("ScalingReplicaSet").first)
            #expect(scaled["message"]?.string?.hasSuffix("from 0 to 4") == true)
            #expect(scaled["involvedObject"]?["kind"] == "Deployment")
        }
    }

    @Test("a new image is rolled out, undone, and scaled")
    func rollout() async throws {
        try await ControllersCluster.run { cluster in
            try await cluster.deployment("web", replicas: 3)
            try await cluster.until("the first rollout's end") { $0.isComplete("web") }
            let key = ObjectKey.deployment("web")
            for (image, revision) in [("nginx:2", "2"), ("nginx:1", "3")] {
                try await cluster.registry.modify(key, nil) { object in
                    object["spec", "template", "spec", "containers"] = [["name": "c", "image": .string(image)]]
                }
                try await cluster.until("the rollout of \(image)") { store in
                    store.isComplete("web")
                        && store.deployment("web")?.annotations["deployment.kubernetes.io/revision"] == revision
                }
            }
            try await cluster.registry.modify(key, nil) { $0["spec", "replicas"] = 1 }
            try await cluster.until("one pod") { $0.isComplete("web") && $0.pods(["app": "web"]).count == 1 }
            let conditions = ConditionList(try #require(cluster.store.deployment("web")))
            #expect(conditions.condition("Progressing")?["reason"] == "NewReplicaSetAvailable")
            #expect(conditions.condition("Available")?["status"] == "True")
        }
    }

    @Test("a deleted pod is replaced; a deleted Deployment takes its pods along, a deleted Service its endpoints")
    func deletion() async throws {
        try await ControllersCluster.run { cluster in
            try await cluster.create(Self.service)
            try await cluster.deployment("web", replicas: 2)
            try await cluster.until("two endpoints") { $0.endpoints("web").count == 2 }
            let victim = try #require(cluster.store.pods(["app": "web"]).first)
            _ = try await cluster.registry.delete(.pod(victim.name))
            try await cluster.until("another pod") { store in
                let pods = store.pods(["app": "web"])
                return pods.count == 2 && pods.allSatisfy { $0.isReady && $0.name != victim.name }
            }
            _ = try await cluster.registry.delete(.deployment("web"))
            try await cluster.until("no pods") { $0.pods(["app": "web"]).isEmpty }
            try await cluster.until("an empty slice") { store in
                store.slices(of: "web").map(\.endpoints.count) == [0] && store.endpoints("web").isEmpty
            }
            _ = try await cluster.registry.delete(.service("web"))
            try await cluster.until("nothing is left") { store in
                store.slices(of: "web").isEmpty
                    && store.object(ObjectKey(.endpoints, namespace: "default", name: "web")) == nil
            }
        }
    }

    @Test("a pod that fits nowhere says so, once, and is placed when a node comes that it fits on")
    func unschedulable() async throws {
        try await ControllersCluster.run { cluster in
            try await cluster.create(
                #"""
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},
                "spec":{"nodeSelector":{"disk":"ssd"},"containers":[{"name":"c","image":"nginx"}]}}
                """#)
            try await cluster.until("the event") { !$0.events("FailedScheduling").isEmpty }
            let pod = try #require(cluster.store.pods().first)
            #expect(pod.nodeName == nil && pod.condition("PodScheduled")?.reason == "Unschedulable")
            #expect(
                cluster.store.events("FailedScheduling").first?["message"]
                    == "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.")
            try await cluster.create(
                #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n3","labels":{"disk":"ssd"}}}"#)
            try await cluster.until("the pod is ready") { $0.pods().first?.isReady == true }
            #expect(cluster.store.pods().first?.nodeName == "n3")
        }
    }

    @Test("Endpoints of a Service without selector are mirrored; those written before their Service stay")
    func mirroring() async throws {
        try await ControllersCluster.run { cluster in
            try await cluster.create(
                #"""
                {"apiVersion":"v1","kind":"Endpoints","metadata":{"name":"db"},
                "subsets":[{"addresses":[{"ip":"192.0.2.1"}],"ports":[{"port":5432}]}]}
                """#)
            try await cluster.create(
                #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"db"},"spec":{"ports":[{"port":5432}]}}"#)
            try await cluster.until("the mirror") { store in
                store.slices(of: "db").flatMap(\.endpoints).map(\.addresses) == [["192.0.2.1"]]
            }
            try await cluster.registry.modify(ObjectKey(.endpoints, namespace: "default", name: "db"), nil) {
                $0["subsets"] = [["addresses": [["ip": "192.0.2.2"]], "ports": [["port": 5432]]]]
            }
            try await cluster.until("the mirror's change") { store in
                store.slices(of: "db").flatMap(\.endpoints).map(\.addresses) == [["192.0.2.2"]]
            }
            _ = try await cluster.registry.delete(.service("db"))
            try await cluster.until("nothing is left") { $0.slices(of: "db").isEmpty && $0.endpoints("db").isEmpty }
        }
    }

    @Test("slices of others are left alone")
    func foreignSlices() async throws {
        try await ControllersCluster.run { cluster in
            try await cluster.create(
                #"""
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
                "metadata":{"name":"mine","labels":{"kubernetes.io/service-name":"web"}},
                "endpoints":[{"addresses":["192.0.2.7"]}],"ports":[{"name":"http","port":80}]}
                """#)
            try await cluster.create(Self.service)
            try await cluster.until("a slice of its own") { $0.slices(of: "web").count == 2 }
            _ = try await cluster.registry.delete(.service("web"))
            try await cluster.until("its own slice goes") { $0.slices(of: "web").count == 1 }
            #expect(cluster.store.slices(of: "web").map(\.name) == ["mine"])
        }
    }

    @Test("a ReplicaSet adopts pods that it selects and lets go of those it no longer does")
    func adoption() async throws {
        try await ControllersCluster.run { cluster in
            try await cluster.create(
                #"""
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"orphan","labels":{"app":"web"}},
                "spec":{"containers":[{"name":"c","image":"nginx"}]}}
                """#)
            try await cluster.create(
                #"""
                {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web"},
                "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
                "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"nginx"}]}}}}
                """#)
            try await cluster.until("two pods, both its own") { store in
                let pods = store.pods(["app": "web"])
                return pods.count == 2 && pods.allSatisfy { $0.controller?.name == "web" && $0.isReady }
            }
            try await cluster.registry.modify(.pod("orphan"), nil) { $0.labels = ["app": "free"] }
            try await cluster.until("it is let go and replaced") { store in
                store.pods(["app": "free"]).allSatisfy { $0.controller == nil }
                    && store.pods(["app": "web"]).count { $0.isReady } == 2
            }
        }
    }

    @Test("an event that happens again raises its count")
    func eventCounts() async throws {
        let cluster = try await Cluster()
        let recorder = EventRecorder(registry: cluster.registry)
        let pod = try await cluster.create(
            #"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},
            "spec":{"containers":[{"name":"c","image":"nginx"}]}}
            """#)
        for message in ["Back-off", "Back-off", "Back-off", "Other"] {
            await recorder.record(
                pod, fieldPath: "spec.containers{c}", component: "kubelet", host: "n1", .warning, reason: "BackOff",
                message)
        }
        let events = cluster.store.events("BackOff")
        #expect(events.map { $0["count"]?.integer ?? 0 }.sorted() == [1, 3])
        #expect(events.allSatisfy { $0["source"]?["host"] == "n1" && $0["involvedObject"]?["uid"]?.string == pod.uid })
    }

    @Test("controllers that start late find what has happened, and write nothing where all is well")
    func lateStart() async throws {
        try await ControllersCluster.run { cluster in
            try await cluster.create(Self.service)
            try await cluster.deployment("web", replicas: 2)
            try await cluster.until("the rollout's end") { $0.isComplete("web") && $0.endpoints("web").count == 2 }
            // The running controllers may still be writing; once they are done nobody finds anything.
            var isQuiet = false
            for _ in 0..<20 where !isQuiet {
                let version = cluster.store.resourceVersion
                try await cluster.settle()
                isQuiet = cluster.store.resourceVersion == version
            }
            #expect(isQuiet)
        }
    }

    @Test("a controller whose version has expired lists again and misses nothing")
    func expiry() async throws {
        let registry = Registry(store: ObjectStore(history: EventLog.Bounds(count: 4, reading: 3)))
        try await registry.bootstrap(caCertificate: "PEM")
        let context = ControllerContext(registry: registry, events: EventRecorder(registry: registry))
        var loop = ControllerLoop(EndpointsController(), context, logger: .init(label: "test"))
        func create(_ names: some Sequence<Int>) async throws {
            for name in names {
                let service = APIObject(
                    .services, name: "s\(name)", ["spec": ["selector": ["a": "b"], "ports": [["port": 80]]]])
                _ = try await registry.create(service, in: .services)
            }
        }
        try await create(0..<5)
        await loop.settle()
        #expect((0..<5).allSatisfy { registry.store.slices(of: "s\($0)").count == 1 })
        try await create(5..<40)
        _ = try await registry.delete(.service("s0"))
        try await create(40..<80)
        await loop.settle()
        #expect(registry.store.slices(of: "s0").isEmpty)
        #expect((1..<80).allSatisfy { registry.store.slices(of: "s\($0)").count == 1 })
    }
}
