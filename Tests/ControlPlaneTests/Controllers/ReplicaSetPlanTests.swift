import KubernetesModel
import Testing

@testable import ControlPlane

@Suite("ReplicaSets")
struct ReplicaSetPlanTests {
    private let now = Timestamp(seconds: 1_000)

    private func replicaSet(_ replicas: Int, minReadySeconds: Int = 0, isTerminating: Bool = false) -> ReplicaSet {
        var object = APIObject(
            .replicaSets, name: "web",
            [
                "spec": [
                    "replicas": .integer(Int64(replicas)), "minReadySeconds": .integer(Int64(minReadySeconds)),
                    "selector": ["matchLabels": ["app": "web"]],
                    "template": ["metadata": ["labels": ["app": "web", "tier": "front"]]],
                ]
            ])
        object.uid = "rs"
        if isTerminating { object["metadata", "deletionTimestamp"] = "2026-01-01T00:00:00Z" }
        return ReplicaSet(object)
    }

    private func pod(
        _ name: String, owner: String? = "rs", node: String? = "n1", isReady: Bool = true, phase: String = "Running",
        labels: [String: String] = ["app": "web"], isTerminating: Bool = false, readySince: Int64 = 0,
        created: Int64 = 0
    ) -> Pod {
        var object = Sample.podObject(
            name, node: node, isReady: isReady, phase: phase, labels: labels, isTerminating: isTerminating,
            readySince: readySince, created: created)
        if let owner {
            var controller = APIObject(.replicaSets, name: owner == "rs" ? "web" : owner)
            controller.uid = owner
            object.ownerReferences = [OwnerReference(controller: controller)]
        }
        return Pod(object)
    }

    @Test("missing pods are counted without those that end or have ended")
    func missing() {
        let pods = [pod("a"), pod("b", phase: "Failed"), pod("c", isTerminating: true), pod("d", owner: "other")]
        let plan = ReplicaSetPlan(replicaSet(3), pods: pods, at: now)
        #expect(plan.missing == 2 && plan.surplus.isEmpty && plan.status.replicas == 1)
    }

    @Test("pods that nobody manages are adopted, own ones that are no longer meant released")
    func claims() {
        let pods = [
            pod("orphan", owner: nil), pod("stray", labels: ["app": "other"]),
            pod("ended", owner: nil, phase: "Succeeded"), pod("foreign", owner: nil, labels: ["app": "x"]),
        ]
        let plan = ReplicaSetPlan(replicaSet(1), pods: pods, at: now)
        #expect(plan.adopted == ["orphan"] && plan.released == ["stray"] && plan.missing == 0)
    }

    @Test("the least useful pods go first")
    func victims() {
        let pods = [
            pod("ready-long", readySince: 10), pod("ready-short", readySince: 500), pod("unready", isReady: false),
            pod("pending", isReady: false, phase: "Pending"),
            pod("unscheduled", node: nil, isReady: false, phase: "Pending"),
        ]
        let plan = ReplicaSetPlan(replicaSet(0), pods: pods, at: now)
        #expect(plan.surplus == ["unscheduled", "pending", "unready", "ready-short", "ready-long"])
        let younger = ReplicaSetPlan(replicaSet(1), pods: [pod("old", created: 1), pod("young", created: 2)], at: now)
        #expect(younger.surplus == ["young"])
        let crowded = [pod("a", node: "n1"), pod("b", node: "n2", created: 9), pod("c", node: "n1")]
        #expect(ReplicaSetPlan(replicaSet(2), pods: crowded, at: now).surplus == ["c"])
    }

    @Test("a ReplicaSet that is being deleted neither creates nor takes")
    func terminating() {
        let plan = ReplicaSetPlan(replicaSet(3, isTerminating: true), pods: [pod("o", owner: nil)], at: now)
        #expect(plan.missing == 0 && plan.adopted.isEmpty && plan.surplus.isEmpty)
    }

    @Test("the status counts pods that are labelled, ready and available")
    func status() {
        let pods = [
            pod("a", labels: ["app": "web", "tier": "front"], readySince: 900), pod("b", readySince: 995),
            pod("c", isReady: false),
        ]
        let plan = ReplicaSetPlan(replicaSet(3, minReadySeconds: 10), pods: pods, at: now)
        #expect(plan.status.replicas == 3 && plan.status.fullyLabeledReplicas == 1)
        #expect(plan.status.readyReplicas == 2 && plan.status.availableReplicas == 1)
        #expect(plan.secondsUntilAvailable == 5)
    }

    @Test("a pod is made as the template says, and belongs to its ReplicaSet")
    func template() {
        var owner = APIObject(
            .replicaSets, namespace: "shop", name: "web",
            ["spec": ["template": ["metadata": ["labels": ["app": "web"]], "spec": ["hostname": "h"]]]])
        owner.uid = "rs"
        let pod = PodTemplate.pod(from: owner)
        #expect(pod["metadata", "generateName"] == "web-" && pod.namespace == "shop" && pod.name.isEmpty)
        #expect(pod.labels == ["app": "web"] && pod["spec", "hostname"] == "h")
        #expect(pod.controller?.uid == "rs" && pod.controller?.blocksOwnerDeletion == true)
    }

    @Test("a template's hash is ten letters that stay the same, and differ with the template and the collisions")
    func hashes() {
        let template: JSONValue = [
            "metadata": ["labels": ["app": "web"], "creationTimestamp": .null], "spec": ["a": 1],
        ]
        let hash = PodTemplate.hash(template, collisionCount: 0)
        #expect(hash.count == 10 && hash.allSatisfy { "bcdfghjklmnpqrstvwxz2456789".contains($0) })
        #expect(PodTemplate.hash(PodTemplate.adding(hash, to: template), collisionCount: 0) == hash)
        #expect(PodTemplate.areEqual(PodTemplate.adding(hash, to: template), template))
        var other = template
        other[path: ["spec", "a"]] = 2
        #expect(PodTemplate.hash(other, collisionCount: 0) != hash)
        #expect(PodTemplate.hash(template, collisionCount: 1) != hash)
    }
}
