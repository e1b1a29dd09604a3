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
        var sums: [String: Quantity] = [:]
        for pod in pods {
            var cells: [String] = []
            for name in ["cpu", "memory", "ephemeral-storage"] {
                for kind in ["requests", "limits"] {
                    let sum = Self.sum(pod, kind, name)
                    sums[kind + name, default: Quantity()].add(sum)
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
                Self.share(sums[$0 + name] ?? Quantity(), allocatable[name])
            }
            out.add(1, "\(name)\t\(shares.joined(separator: "\t"))")
        }
    }

    private static func sum(_ pod: APIObject, _ kind: String, _ name: String) -> Quantity {
        var sum = Quantity()
        for container in pod.elements(at: "spec", "containers") {
            if let quantity = container[path: ["resources", kind, name]].flatMap({ Quantity(parsing: $0.plainText) }) {
                sum.add(quantity)
            }
        }
        return sum
    }

    /// `500m (25%)`
    private static func share(_ quantity: Quantity, _ whole: JSONValue?) -> String {
        let whole = whole.flatMap { Quantity(parsing: $0.plainText) }?.thousandths ?? 0
        let share = whole > 0 ? Int(min(quantity.thousandths / whole * 100, 1e9)) : 0
        return "\(quantity) (\(share)%)"
    }
}

/// An amount of a resource (resource.Quantity), as far as sums and shares of them are shown.
struct Quantity: CustomStringConvertible {
    private(set) var thousandths: Double = 0
    private var isBinary = false

    init() {}

    init?(parsing text: String) {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || "+-.".contains($0)) }
        guard let number = Double(digits), number.isFinite else { return nil }
        let suffix = String(text.dropFirst(digits.count))
        let decimal: [String: Double] = [
            "n": 1e-6, "u": 1e-3, "m": 1, "": 1e3, "k": 1e6, "M": 1e9, "G": 1e12, "T": 1e15, "P": 1e18, "E": 1e21,
        ]
        let binary: [String: Double] = [
            "Ki": 1_024, "Mi": 1_048_576, "Gi": 1_073_741_824, "Ti": 1_099_511_627_776, "Pi": 1_125_899_906_842_624,
        ]
        if let factor = binary[suffix] {
            thousandths = number * factor * 1_000
            isBinary = true
        } else if let factor = decimal[suffix] {
            thousandths = number * factor
        } else {
            guard let exponent = suffix.first, "eE".contains(exponent), let power = Int(suffix.dropFirst()),
                let whole = Double("\(digits)e\(power)"), whole.isFinite
            else { return nil }
            thousandths = whole * 1_000
        }
    }

    mutating func add(_ other: Quantity) {
        if thousandths == 0 { isBinary = other.isBinary }
        thousandths += other.thousandths
    }

    /// The amount with the largest suffix that leaves a whole number.
    var description: String {
        guard thousandths.magnitude < 9e18 else { return "\(thousandths / 1_000)" }
        let amount = Int64(thousandths.rounded(.up))
        if amount % 1_000 != 0 { return "\(amount)m" }
        let units = amount / 1_000
        let (step, suffixes): (Int64, [String]) =
            isBinary ? (1_024, ["", "Ki", "Mi", "Gi", "Ti", "Pi"]) : (1_000, ["", "k", "M", "G", "T", "P"])
        var (rest, index) = (units, 0)
        while rest != 0, rest % step == 0, index < suffixes.count - 1 {
            rest /= step
            index += 1
        }
        return "\(rest)\(suffixes[index])"
    }
}
