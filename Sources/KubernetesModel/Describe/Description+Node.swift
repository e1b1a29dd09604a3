extension Description {
    mutating func describeNode() {
        let spec = object["spec"] ?? [:]
        let status = object["status"] ?? [:]
        name()
        line("Roles", NodeSummary(object).roles)
        labelsAndAnnotations()
        line("CreationTimestamp", longTime(object.creationTimestamp))
        let taints = spec.elements(at: "taints").sorted {
            ($0.text(at: "effect"), $0.text(at: "key")) < ($1.text(at: "effect"), $1.text(at: "key"))
        }
        list("Taints", taints.map(Self.text(ofTaint:)))
        line("Unschedulable", "\(spec.flag(at: "unschedulable"))")
        lease()
        conditions(status.elements(at: "conditions"))
        out.add(0, "Addresses:")
        for address in status.elements(at: "addresses") {
            out.add(1, "\(address.text(at: "type")):\t\(address.text(at: "address"))")
        }
        resources("Capacity", status.fields(at: "capacity"))
        resources("Allocatable", status.fields(at: "allocatable"))
        systemInformation(status["nodeInfo"] ?? [:])
        lineIfAny("PodCIDR", spec.text(at: "podCIDR"))
        lineIfAny("PodCIDRs", spec.elements(at: "podCIDRs").compactMap(\.string).joined(separator: ","))
        lineIfAny("ProviderID", spec.text(at: "providerID"))
        pods(allocatable: status["allocatable"] ?? status["capacity"] ?? [:])
        eventTable()
    }

    private static func text(ofTaint taint: JSONValue) -> String {
        let value = taint.text(at: "value")
        return "\(taint.text(at: "key"))\(value.isEmpty ? "" : "=\(value)"):\(taint.text(at: "effect"))"
    }

    private mutating func lease() {
        guard let lease = related(.leases).first(where: { $0.name == object.name }) else {
            line("Lease", "Failed to get lease: leases.coordination.k8s.io \"\(object.name)\" not found")
            return
        }
        out.add(0, "Lease:")
        out.add(1, "HolderIdentity:\t\(lease["spec", "holderIdentity"]?.string ?? "<unset>")")
        for (key, field) in [("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")] {
            let moment = lease["spec", field]?.string
            out.add(1, "\(key):\t\(moment.map { longTime($0) } ?? "<unset>")")
        }
    }

    private mutating func conditions(_ conditions: [JSONValue]) {
        if conditions.isEmpty { return }
        out.add(0, "Conditions:")
        out.add(1, "Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage")
        out.add(1, "----\t------\t-----------------\t------------------\t------\t-------")
        for condition in conditions {
            let cells = [
                condition.text(at: "type"), condition.text(at: "status"),
                longTime(condition["lastHeartbeatTime"]?.string), longTime(condition["lastTransitionTime"]?.string),
                condition.text(at: "reason"),
            ]
            out.add(1, cells.map { "\($0) \t" }.joined() + condition.text(at: "message"))
        }
    }

    private mutating func resources(_ title: String, _ quantities: [(key: String, value: JSONValue)]) {
        if quantities.isEmpty { return }
        out.add(0, "\(title):")
        for (name, quantity) in quantities { out.add(1, "\(name):\t\(quantity.plainText)") }
    }

    private mutating func systemInformation(_ information: JSONValue) {
        out.add(0, "System Info:")
        for (key, field) in [
            ("Machine ID", "machineID"), ("System UUID", "systemUUID"), ("Boot ID", "bootID"),
            ("Kernel Version", "kernelVersion"), ("OS Image", "osImage"), ("Operating System", "operatingSystem"),
            ("Architecture", "architecture"), ("Container Runtime Version", "containerRuntimeVersion"),
            ("Kubelet Version", "kubeletVersion"), ("Kube-Proxy Version", "kubeProxyVersion"),
        ] { out.add(1, "\(key):\t\(information.text(at: field))") }
    }

    // MARK: What pods ask for

    private mutating func pods(allocatable: JSONValue) {
        let pods = related(.pods).filter {
            $0.text(at: "spec", "nodeName") == object.name
                && !["Succeeded", "Failed"].contains($0.text(at: "status", "phase"))
        }
        line("Non-terminated Pods", "(\(pods.count) in total)")
        out.add(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge")
        out.add(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---")
        var sums: [String: ResourceAmount] = [:]
        for pod in pods {
            var cells: [String] = []
            for name in ["cpu", "memory", "ephemeral-storage"] {
                for kind in ["requests", "limits"] {
                    let sum = Self.sum(pod, kind, name)
                    sums[kind + name, default: ResourceAmount()].add(sum)
                    cells.append(Self.share(sum, allocatable[name]))
                }
            }
            let age = Age.text(since: pod.creationTimestamp, now: now)
            out.add(1, "\(pod.namespace)\t\(pod.name)\t\t\(cells.prefix(4).joined(separator: "\t"))\t\(age)")
        }
        out.add(0, "Allocated resources:")
        out.add(1, "(Total limits may be over 100 percent, i.e., overcommitted.)")
        out.add(1, "Resource\tRequests\tLimits\n--------\t--------\t------")
        for name in ["cpu", "memory", "ephemeral-storage"] {
            let shares = ["requests", "limits"].map {
                Self.share(sums[$0 + name] ?? ResourceAmount(), allocatable[name])
            }
            out.add(1, "\(name)\t\(shares.joined(separator: "\t"))")
        }
    }

    private static func sum(_ pod: APIObject, _ kind: String, _ name: String) -> ResourceAmount {
        var sum = ResourceAmount()
        for container in pod.elements(at: "spec", "containers") {
            if let quantity = container[path: ["resources", kind, name]] { sum.add(ResourceAmount(quantity)) }
        }
        return sum
    }

    /// `500m (25%)`
    private static func share(_ amount: ResourceAmount, _ whole: JSONValue?) -> String {
        "\(amount) (\(amount.percentage(of: whole.map { ResourceAmount($0) } ?? ResourceAmount()))%)"
    }
}
