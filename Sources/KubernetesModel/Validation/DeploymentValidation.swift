extension Faults {
    mutating func deployment(_ deployment: JSONValue) {
        let spec = deployment["spec"] ?? [:]
        nonNegative("spec.replicas", spec["replicas"])
        selectorAndTemplate(spec)
        strategy(spec["strategy"] ?? [:])
        nonNegative("spec.minReadySeconds", spec["minReadySeconds"])
        nonNegative("spec.revisionHistoryLimit", spec["revisionHistoryLimit"])
        nonNegative("spec.progressDeadlineSeconds", spec["progressDeadlineSeconds"])
        if let deadline = spec["progressDeadlineSeconds"]?.integer,
            deadline <= spec["minReadySeconds"]?.integer ?? 0
        {
            invalid("spec.progressDeadlineSeconds", .integer(deadline), "must be greater than minReadySeconds")
        }
    }

    mutating func replicaSet(_ replicaSet: JSONValue) {
        let spec = replicaSet["spec"] ?? [:]
        nonNegative("spec.replicas", spec["replicas"])
        nonNegative("spec.minReadySeconds", spec["minReadySeconds"])
        selectorAndTemplate(spec)
    }

    private mutating func selectorAndTemplate(_ spec: JSONValue) {
        let before = found.count
        let selector = spec["selector"]
        if let selector {
            labelSelector("spec.selector", selector)
            if LabelSelector(selector).isEmpty {
                invalid("spec.selector", selector, "empty selector is invalid for deployment")
            }
        } else {
            required("spec.selector")
        }
        let template = spec["template"] ?? [:]
        let labels = template[path: ["metadata", "labels"]] ?? [:]
        if let selector, found.count == before,
            !LabelSelector(selector).matches((labels.object ?? [:]).compactMapValues(\.string))
        {
            invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
        }
        podTemplate("spec.template", template)
    }

    private mutating func podTemplate(_ path: String, _ template: JSONValue) {
        labels("\(path).metadata.labels", template[path: ["metadata", "labels"]])
        annotations("\(path).metadata.annotations", template[path: ["metadata", "annotations"]])
        let spec = template["spec"] ?? [:]
        podSpec("\(path).spec", spec, isTemplate: true)
        if !spec.elements("ephemeralContainers").isEmpty {
            forbidden("\(path).spec.ephemeralContainers", "ephemeral containers not allowed in pod template")
        }
        if let policy = spec.text("restartPolicy") { supported("\(path).spec.restartPolicy", policy, ["Always"]) }
        if spec["activeDeadlineSeconds"] != nil {
            forbidden(
                "\(path).spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported")
        }
    }

    private mutating func strategy(_ strategy: JSONValue) {
        let path = "spec.strategy"
        let update = strategy["rollingUpdate"]
        switch strategy["type"]?.string ?? "" {
        case "Recreate":
            if update != nil {
                forbidden("\(path).rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")
            }
        case "RollingUpdate":
            guard let update else {
                return required("\(path).rollingUpdate", "this should be defaulted and never be nil")
            }
            let (unavailable, surge) = (update["maxUnavailable"] ?? 0, update["maxSurge"] ?? 0)
            countOrPercent("\(path).rollingUpdate.maxUnavailable", unavailable)
            countOrPercent("\(path).rollingUpdate.maxSurge", surge)
            if Self.isNone(unavailable), Self.isNone(surge) {
                invalid("\(path).rollingUpdate.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0")
            }
            if let percent = Self.percent(unavailable), percent > 100 {
                invalid("\(path).rollingUpdate.maxUnavailable", unavailable, "must not be greater than 100%")
            }
        case let other: supported("\(path).type", other, ["Recreate", "RollingUpdate"])
        }
    }

    private static func percent(_ value: JSONValue) -> Int? {
        guard let text = value.string, text.utf8.count > 1, text.hasSuffix("%"),
            text.utf8.dropLast().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text.dropLast()) ?? .max
    }

    private static func isNone(_ value: JSONValue) -> Bool { value == 0 || percent(value) == 0 }

    private mutating func countOrPercent(_ path: String, _ value: JSONValue) {
        if case .string = value, Self.percent(value) == nil {
            invalid(
                path, value,
                "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', "
                    + "regex used for validation is '[0-9]+%')")
        }
        nonNegative(path, value)
    }
}
