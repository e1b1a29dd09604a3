extension Defaults {
    @Sendable static func pod(_ pod: inout JSONValue) {
        pod.changeOrMake("spec") { spec in
            spec.setDefault("enableServiceLinks", true)
            let isHostNetwork = spec["hostNetwork"] == true
            for field in ["containers", "initContainers"] {
                spec.changeEach(field) { container in
                    requests(&container)
                    guard isHostNetwork else { return }
                    container.changeEach("ports") { port in
                        if let number = port["containerPort"]?.integer { port.setDefaultNumber("hostPort", number) }
                    }
                }
            }
            podSpec(&spec)
        }
        podStatus(&pod)
    }

    /// The part of a pod that changes by itself.
    static func podStatus(_ pod: inout JSONValue) {
        let qualityOfService =
            pod["status"]?.text("qosClass") == nil ? Self.qualityOfService(pod["spec"] ?? [:]) : nil
        pod.changeOrMake("status") { status in
            status.setDefault("phase", "Pending")
            if let qualityOfService { status.setDefault("qosClass", .string(qualityOfService)) }
            addresses("podIP", "podIPs", in: &status)
            addresses("hostIP", "hostIPs", in: &status)
        }
    }

    /// What is limited and not asked for is asked for as much as it is limited.
    private static func requests(_ container: inout JSONValue) {
        guard let limits = container[path: ["resources", "limits"]]?.object, !limits.isEmpty else { return }
        container.change("resources") { resources in
            resources.changeOrMake("requests") { requests in
                for (resource, limit) in limits { requests.setDefault(resource, limit) }
            }
        }
    }

    /// The first of the addresses is also told alone.
    private static func addresses(_ single: String, _ plural: String, in status: inout JSONValue) {
        let all = status.elements(plural)
        if let address = status.text(single) {
            if all.first?["ip"] != .string(address) { status[plural] = [["ip": .string(address)]] }
        } else if let first = all.first?.text("ip") {
            status[single] = .string(first)
        }
    }

    /// The class that a pod's requests and limits put it in (core/v1 PodQOSClass).
    private static func qualityOfService(_ spec: JSONValue) -> String {
        var isGuaranteed = true
        var hasAny = false
        for container in spec.elements("containers") + spec.elements("initContainers") {
            let requests = container[path: ["resources", "requests"]]?.object ?? [:]
            let limits = container[path: ["resources", "limits"]]?.object ?? [:]
            for resource in ["cpu", "memory"] {
                let limit = (limits[resource]?.string).flatMap { try? Quantity($0) }
                let request = (requests[resource]?.string).flatMap { try? Quantity($0) } ?? limit
                if (limit?.nanos ?? 0) > 0 || (request?.nanos ?? 0) > 0 { hasAny = true }
                if (limit?.nanos ?? 0) <= 0 || limit != request { isGuaranteed = false }
            }
        }
        return hasAny ? (isGuaranteed ? "Guaranteed" : "Burstable") : "BestEffort"
    }
}
