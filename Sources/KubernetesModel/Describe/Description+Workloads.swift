extension Description {
    mutating func describeDeployment() {
        let spec = object["spec"] ?? [:]
        let status = object["status"] ?? [:]
        nameAndNamespace()
        line("CreationTimestamp", longTime(object.creationTimestamp))
        labelsAndAnnotations()
        line("Selector", Labels.selectorText(spec["selector"]))
        line(
            "Replicas",
            "\(spec.number(at: "replicas")) desired | \(status.number(at: "updatedReplicas")) updated | "
                + "\(status.number(at: "replicas")) total | \(status.number(at: "availableReplicas")) available | "
                + "\(status.number(at: "unavailableReplicas")) unavailable")
        line("StrategyType", spec.text(at: "strategy", "type"))
        line("MinReadySeconds", String(spec.number(at: "minReadySeconds")))
        if let rolling = spec[path: ["strategy", "rollingUpdate"]], rolling.object != nil {
            let unavailable = rolling["maxUnavailable"]?.plainText ?? "0"
            line(
                "RollingUpdateStrategy",
                "\(unavailable) max unavailable, \(rolling["maxSurge"]?.plainText ?? "0") max surge")
        }
        template(spec["template"] ?? [:])
        conditions()
        replicaSets()
        eventTable()
    }

    /// What a ReplicaSet says of itself and its pods.
    mutating func describeReplicaSet() {
        let spec = object["spec"] ?? [:]
        nameAndNamespace()
        line("Selector", Labels.selectorText(spec["selector"]))
        labelsAndAnnotations()
        controller()
        line("Replicas", "\(object.number(at: "status", "replicas")) current / \(spec.number(at: "replicas")) desired")
        let owned = related(.pods).filter { object.uid.isEmpty || $0.controller?.uid == object.uid }
        let phases = owned.map { $0.text(at: "status", "phase") }
        func count(_ phase: String) -> Int { phases.count(where: { $0 == phase }) }
        line(
            "Pods Status",
            "\(count("Running")) Running / \(count("Pending")) Waiting / \(count("Succeeded")) Succeeded / "
                + "\(count("Failed")) Failed")
        template(spec["template"] ?? [:])
        conditions()
        eventTable()
    }

    private mutating func template(_ template: JSONValue) {
        let spec = template["spec"] ?? [:]
        out.add(0, "Pod Template:")
        list("  Labels", Self.pairs(template[path: ["metadata", "labels"]]))
        if !template.fields(at: "metadata", "annotations").isEmpty {
            annotations("  Annotations", template[path: ["metadata", "annotations"]])
        }
        lineIfAny("  Service Account", spec.text(at: "serviceAccountName"))
        let initial = spec.elements(at: "initContainers")
        if !initial.isEmpty { containers("Init Containers", initial, [], "  ") }
        containers("Containers", spec.elements(at: "containers"), [], "  ")
        volumes(spec.elements(at: "volumes"), "  ")
        placement(spec, "  ")
    }

    private mutating func conditions() {
        let conditions = object.elements(at: "status", "conditions")
        if !conditions.isEmpty { out.add(0, "Conditions:\n  Type\tStatus\tReason\n  ----\t------\t------") }
        for condition in conditions {
            out.add(
                1, "\(condition.text(at: "type")) \t\(condition.text(at: "status"))\t\(condition.text(at: "reason"))")
        }
    }

    /// The replica sets of a deployment: the one of its revision is the new one.
    private mutating func replicaSets() {
        let key = "deployment.kubernetes.io/revision"
        let owned = related(.replicaSets).filter { object.uid.isEmpty || $0.controller?.uid == object.uid }
        let revision = object.annotations[key]
        let current = owned.first { $0.annotations[key] == revision && revision != nil }
        func text(_ sets: [APIObject]) -> String {
            sets.map { set in
                let (count, desired) = (set.number(at: "status", "replicas"), set.number(at: "spec", "replicas"))
                return "\(set.name) (\(count)/\(desired) replicas created)"
            }.joined(separator: ", ").or(Labels.none)
        }
        line("OldReplicaSets", text(owned.filter { $0 != current }.sorted { $0.name < $1.name }))
        line("NewReplicaSet", text(current.map { [$0] } ?? []))
    }
}
