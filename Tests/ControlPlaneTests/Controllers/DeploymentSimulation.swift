import KubernetesModel

@testable import ControlPlane

/// A Deployment whose ReplicaSets are values: rounds of plans, with pods that come and go in between.
struct DeploymentSimulation {
    var object: APIObject
    private(set) var replicaSets: [String: APIObject] = [:]
    private var clock: Int64 = 0

    init(replicas: Int, image: String = "v1", strategy: JSONValue = .null, limit: Int = 10) {
        object = APIObject(.deployments, name: "web")
        object.uid = "deployment"
        object.generation = 1
        object["spec"] = [
            "replicas": .integer(Int64(replicas)), "selector": ["matchLabels": ["app": "web"]],
            "revisionHistoryLimit": .integer(Int64(limit)),
        ]
        if !strategy.isNull { object["spec", "strategy"] = strategy }
        setImage(image)
    }

    var deployment: Deployment { Deployment(object) }
    var members: [ReplicaSet] { replicaSets.values.map { ReplicaSet($0) }.sorted { $0.name < $1.name } }
    var specTotal: Int { members.reduce(0) { $0 + $1.replicas } }
    var available: Int { members.reduce(0) { $0 + $1.status.availableReplicas } }

    mutating func setImage(_ image: String) {
        object["spec", "template"] = [
            "metadata": ["labels": ["app": "web"]], "spec": ["containers": [["name": "c", "image": .string(image)]]],
        ]
        object.generation += 1
    }

    mutating func set(_ field: String, _ value: JSONValue) {
        object["spec", field] = value
        object.generation += 1
    }

    /// One round of the controller.
    mutating func round(hasOldPods: Bool = false, at now: Int64 = 0) -> DeploymentPlan {
        let plan = DeploymentPlan(deployment, replicaSets: members, hasOldPods: hasOldPods)
        for member in plan.old + [plan.current].compactMap(\.self) {
            var replicaSet = replicaSets[member.name] ?? create(member.name, hash: plan.hash)
            replicaSet["spec", "replicas"] = .integer(Int64(member.replicas))
            replicaSet.annotations = member.annotations
            replicaSets[member.name] = replicaSet
        }
        for name in plan.deleted { replicaSets[name] = nil }
        if let revision = plan.revision { object.annotations[DeploymentAnnotations.revision] = revision }
        let hasCreated = plan.current.map { $0.present == nil } ?? false
        DeploymentReport(deployment: deployment, plan: plan, hasCreated: hasCreated)
            .write(to: &object, at: Timestamp(seconds: now))
        return plan
    }

    private mutating func create(_ name: String, hash: String) -> APIObject {
        clock += 1
        var replicaSet = APIObject(.replicaSets, name: name)
        replicaSet.uid = name
        replicaSet["metadata", "creationTimestamp"] = .string(Timestamp(seconds: clock).description)
        replicaSet["spec", "template"] = PodTemplate.adding(hash, to: deployment.template)
        return replicaSet
    }

    /// Lets a ReplicaSet's pods become so many and so many of them available.
    mutating func report(_ name: String, replicas: Int, available: Int) {
        var status = ReplicaSet.Status()
        status.replicas = replicas
        status.readyReplicas = available
        status.availableReplicas = available
        guard var object = replicaSets[name] else { return }
        status.observedGeneration = object.generation
        status.write(to: &object)
        replicaSets[name] = object
    }

    /// Runs rounds, with all pods available after each, until nothing changes.
    mutating func settle(rounds: Int = 50) {
        for _ in 0..<rounds {
            let before = replicaSets
            _ = round()
            for member in members { report(member.name, replicas: member.replicas, available: member.replicas) }
            if replicaSets == before { break }
        }
        _ = round()
    }
}
