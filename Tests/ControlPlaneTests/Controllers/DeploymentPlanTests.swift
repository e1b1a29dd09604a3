import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Deployments")
struct DeploymentPlanTests {
    private func condition(_ type: String, _ simulation: DeploymentSimulation) -> Condition? {
        (simulation.object["status", "conditions"]?.array ?? []).map { Condition($0) }.first { $0.type == type }
    }

    @Test("a new Deployment gets one ReplicaSet, and is complete when its pods are available")
    func first() throws {
        var simulation = DeploymentSimulation(replicas: 3)
        _ = simulation.round()
        #expect(simulation.members.map(\.replicas) == [3])
        let member = try #require(simulation.members.first)
        #expect(member.name.hasPrefix("web-") && member.name.count == 14)
        #expect(member.annotations["deployment.kubernetes.io/revision"] == "1")
        #expect(member.annotations["deployment.kubernetes.io/desired-replicas"] == "3")
        #expect(member.annotations["deployment.kubernetes.io/max-replicas"] == "4")
        #expect(condition("Progressing", simulation)?.reason == "NewReplicaSetCreated")
        #expect(condition("Available", simulation)?.reason == "MinimumReplicasUnavailable")
        simulation.report(member.name, replicas: 3, available: 1)
        _ = simulation.round()
        #expect(condition("Progressing", simulation)?.reason == "ReplicaSetUpdated")
        simulation.settle()
        #expect(condition("Progressing", simulation)?.reason == "NewReplicaSetAvailable")
        #expect(
            condition("Progressing", simulation)?.message
                == "ReplicaSet \"\(member.name)\" has successfully progressed.")
        #expect(condition("Available", simulation)?.isTrue == true)
        let status = simulation.deployment.status
        #expect(status.updatedReplicas == 3 && status.availableReplicas == 3 && status.unavailableReplicas == 0)
        #expect(status.observedGeneration == simulation.object.generation)
    }

    @Test(
        "a change of template keeps within maxSurge and maxUnavailable whatever pods do, and comes to its end",
        arguments: 0..<30)
    func rollout(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let replicas = Int.random(in: 1...12, using: &generator)
        let surge = Int.random(in: 0...3, using: &generator)
        let unavailable = Int.random(in: 0...3, using: &generator)
        var simulation = DeploymentSimulation(
            replicas: replicas,
            strategy: [
                "type": "RollingUpdate",
                "rollingUpdate": ["maxSurge": .integer(Int64(surge)), "maxUnavailable": .integer(Int64(unavailable))],
            ])
        simulation.settle()
        simulation.setImage("v2")
        let allowance = simulation.deployment.allowance
        for step in 0..<200 {
            _ = simulation.round()
            #expect(simulation.specTotal <= replicas + allowance.surge, "seed \(seed), step \(step)")
            let kept = simulation.members.reduce(0) { $0 + min($1.replicas, $1.status.availableReplicas) }
            #expect(kept >= replicas - allowance.unavailable, "seed \(seed), step \(step)")
            if let member = simulation.members.randomElement(using: &generator) {
                let available = min(
                    member.replicas, member.status.availableReplicas + Int.random(in: 0...1, using: &generator))
                simulation.report(member.name, replicas: member.replicas, available: available)
            }
        }
        simulation.settle()
        #expect(simulation.members.map(\.replicas).sorted() == [0, replicas], "seed \(seed)")
        #expect(simulation.object.annotations["deployment.kubernetes.io/revision"] == "2", "seed \(seed)")
    }

    @Test("going back to an earlier template takes its ReplicaSet again, as a new revision")
    func undo() throws {
        var simulation = DeploymentSimulation(replicas: 2)
        simulation.settle()
        let first = try #require(simulation.members.first)
        simulation.setImage("v2")
        simulation.settle()
        simulation.setImage("v1")
        simulation.settle()
        let again = try #require(simulation.members.first { $0.name == first.name })
        #expect(simulation.members.count == 2 && again.replicas == 2)
        #expect(again.annotations["deployment.kubernetes.io/revision"] == "3")
        #expect(again.annotations["deployment.kubernetes.io/revision-history"] == "1")
        #expect(condition("Progressing", simulation)?.reason == "NewReplicaSetAvailable")
    }

    @Test("Recreate starts no new pod before the last old one has gone")
    func recreate() {
        var simulation = DeploymentSimulation(replicas: 2, strategy: ["type": "Recreate"])
        simulation.settle()
        simulation.setImage("v2")
        _ = simulation.round(hasOldPods: true)
        #expect(simulation.members.map(\.replicas) == [0])
        _ = simulation.round(hasOldPods: true)
        #expect(simulation.members.count == 1)
        _ = simulation.round(hasOldPods: false)
        #expect(simulation.members.map(\.replicas).sorted() == [0, 2])
    }

    @Test("a paused Deployment scales and changes nothing else")
    func paused() {
        var simulation = DeploymentSimulation(replicas: 2)
        simulation.settle()
        simulation.set("paused", true)
        simulation.setImage("v2")
        simulation.settle()
        #expect(simulation.members.map(\.replicas) == [2])
        #expect(condition("Progressing", simulation)?.reason == "DeploymentPaused")
        simulation.set("replicas", 4)
        simulation.settle()
        #expect(simulation.members.map(\.replicas) == [4])
        simulation.set("paused", false)
        simulation.settle()
        #expect(simulation.members.map(\.replicas).sorted() == [0, 4])
        #expect(condition("Progressing", simulation)?.reason == "NewReplicaSetAvailable")
    }

    @Test("scaling in the middle of a rollout grows both ReplicaSets in proportion")
    func proportion() throws {
        var simulation = DeploymentSimulation(replicas: 10)
        simulation.settle()
        simulation.setImage("v2")
        _ = simulation.round()
        #expect(simulation.members.map(\.replicas).sorted() == [3, 8])
        _ = simulation.round()
        let before = simulation.members.map(\.replicas).sorted()
        #expect(before == [5, 8])
        simulation.set("replicas", 20)
        let plan = simulation.round()
        #expect(plan.isScaling)
        let after = simulation.members.map(\.replicas).sorted()
        #expect(after.reduce(0, +) == 25)
        #expect(after[0] > 5 && after[1] > 8)
        simulation.settle()
        #expect(simulation.members.map(\.replicas).sorted() == [0, 20])
    }

    @Test("scaling to 0 and back keeps the ReplicaSet")
    func scaleToZero() {
        var simulation = DeploymentSimulation(replicas: 3)
        simulation.settle()
        simulation.set("replicas", 0)
        simulation.settle()
        #expect(simulation.members.map(\.replicas) == [0])
        simulation.set("replicas", 2)
        simulation.settle()
        #expect(simulation.members.map(\.replicas) == [2])
    }

    @Test("no more old ReplicaSets are kept than revisionHistoryLimit")
    func history() {
        var simulation = DeploymentSimulation(replicas: 1, limit: 2)
        for version in 1...6 {
            simulation.setImage("v\(version)")
            simulation.settle()
        }
        let revisions = simulation.members.compactMap { $0.annotations["deployment.kubernetes.io/revision"] }.sorted()
        #expect(revisions == ["4", "5", "6"])
    }

    @Test("a rollout without progress has failed after its deadline, and goes on when pods become available")
    func deadline() throws {
        var simulation = DeploymentSimulation(replicas: 1)
        simulation.set("progressDeadlineSeconds", 60)
        _ = simulation.round(at: 1_000)
        _ = simulation.round(at: 1_059)
        #expect(condition("Progressing", simulation)?.reason == "NewReplicaSetCreated")
        _ = simulation.round(at: 1_060)
        #expect(condition("Progressing", simulation)?.reason == "ProgressDeadlineExceeded")
        #expect(condition("Progressing", simulation)?.status == "False")
        let name = try #require(simulation.members.first?.name)
        simulation.report(name, replicas: 1, available: 1)
        _ = simulation.round(at: 1_100)
        #expect(condition("Progressing", simulation)?.reason == "NewReplicaSetAvailable")
    }

    @Test("the Deployment's own annotations reach its ReplicaSet, but for those that are its business alone")
    func annotations() {
        var simulation = DeploymentSimulation(replicas: 1)
        simulation.object.annotations = [
            "kubernetes.io/change-cause": "because", "kubectl.kubernetes.io/last-applied-configuration": "{}",
        ]
        simulation.settle()
        #expect(simulation.members.first?.annotations["kubernetes.io/change-cause"] == "because")
        #expect(
            simulation.members.first?.annotations["kubectl.kubernetes.io/last-applied-configuration"] == nil)
    }
}
