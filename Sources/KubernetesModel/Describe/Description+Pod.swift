extension Description {
    mutating func describePod() {
        let status = object["status"] ?? [:]
        let spec = object["spec"] ?? [:]
        nameAndNamespace()
        if let priority = spec["priority"]?.integer { line("Priority", String(priority)) }
        lineIfAny("Priority Class Name", spec.text(at: "priorityClassName"))
        lineIfAny("Runtime Class Name", spec.text(at: "runtimeClassName"))
        lineIfAny("Service Account", spec.text(at: "serviceAccountName"))
        let node = spec.text(at: "nodeName")
        line("Node", node.isEmpty ? Labels.none : "\(node)/\(status.text(at: "hostIP"))")
        if let start = status["startTime"]?.string { line("Start Time", longTime(start)) }
        labelsAndAnnotations()
        let phase = status.text(at: "phase")
        if let deletion = object.deletionTimestamp, phase != "Failed", phase != "Succeeded" {
            line("Status", "Terminating (lasts \(Age.text(since: deletion, now: now)))")
            line("Termination Grace Period", "\(object.number(at: "metadata", "deletionGracePeriodSeconds"))s")
        } else {
            line("Status", phase)
        }
        lineIfAny("Reason", status.text(at: "reason"))
        lineIfAny("Message", status.text(at: "message"))
        line("IP", status.text(at: "podIP"))
        let addresses = status.elements(at: "podIPs")
        if addresses.isEmpty { line("IPs", Labels.none) } else { out.add(0, "IPs:") }
        for address in addresses { out.add(1, "IP:\t\(address.text(at: "ip"))") }
        controller()
        lineIfAny("Nominated Node Name", status.text(at: "nominatedNodeName"))
        let initial = spec.elements(at: "initContainers")
        if !initial.isEmpty {
            containers("Init Containers", initial, status.elements(at: "initContainerStatuses"))
        }
        containers("Containers", spec.elements(at: "containers"), status.elements(at: "containerStatuses"))
        readinessGates(spec, status)
        let conditions = status.elements(at: "conditions")
        if !conditions.isEmpty { out.add(0, "Conditions:\n  Type\tStatus") }
        for condition in conditions {
            out.add(1, "\(condition.text(at: "type")) \t\(condition.text(at: "status")) ")
        }
        volumes(spec.elements(at: "volumes"))
        line("QoS Class", status.text(at: "qosClass").or(Self.qualityOfService(spec)))
        placement(spec)
        eventTable()
    }

    private mutating func readinessGates(_ spec: JSONValue, _ status: JSONValue) {
        let gates = spec.elements(at: "readinessGates")
        if !gates.isEmpty { out.add(0, "Readiness Gates:\n  Type\tStatus") }
        for gate in gates {
            let type = gate.text(at: "conditionType")
            let condition = status.elements(at: "conditions").first { $0.text(at: "type") == type }
            out.add(1, "\(type) \t\(condition?.text(at: "status") ?? Labels.none) ")
        }
    }

    /// Node selectors and tolerations.
    mutating func placement(_ spec: JSONValue, _ indentation: String = "") {
        list("\(indentation)Node-Selectors", Self.pairs(spec["nodeSelector"]))
        let tolerations = spec.elements(at: "tolerations").sorted { $0.text(at: "key") < $1.text(at: "key") }
        list("\(indentation)Tolerations", tolerations.map(Self.text(ofToleration:)))
    }

    private static func text(ofToleration toleration: JSONValue) -> String {
        let value = toleration.text(at: "value")
        let effect = toleration.text(at: "effect")
        var text = toleration.text(at: "key")
        if !value.isEmpty { text += "=\(value)" }
        if !effect.isEmpty { text += ":\(effect)" }
        if toleration.text(at: "operator") == "Exists", value.isEmpty {
            text += text.isEmpty ? "op=Exists" : " op=Exists"
        }
        if let seconds = toleration["tolerationSeconds"]?.integer { text += " for \(seconds)s" }
        return text
    }

    /// Guaranteed where all containers have limits that equal their requests, BestEffort where none has any.
    private static func qualityOfService(_ spec: JSONValue) -> String {
        let containers = spec.elements(at: "initContainers") + spec.elements(at: "containers")
        let resources = containers.map { $0["resources"] ?? [:] }
        func isEmpty(_ resources: JSONValue) -> Bool {
            resources.fields(at: "limits").isEmpty && resources.fields(at: "requests").isEmpty
        }
        func isGuaranteed(_ resources: JSONValue) -> Bool {
            ["cpu", "memory"].allSatisfy { name in
                guard let limit = resources[path: ["limits", name]] else { return false }
                return resources[path: ["requests", name]].map { $0 == limit } ?? true
            }
        }
        if resources.allSatisfy(isEmpty) { return "BestEffort" }
        return resources.allSatisfy(isGuaranteed) ? "Guaranteed" : "Burstable"
    }
}
