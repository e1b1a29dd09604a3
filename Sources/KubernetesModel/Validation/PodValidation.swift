import Addressing

extension Faults {
    mutating func pod(_ pod: JSONValue) {
        let spec = pod["spec"] ?? [:]
        podSpec("spec", spec, isTemplate: false)
        for field in ["containers", "initContainers"] {
            for (index, container) in spec.elements(field).enumerated() {
                guard let image = container["image"]?.string, Words.trimmed(image) != image else { continue }
                invalid(
                    "spec.\(field)[\(index)].image", image, ["must not have leading or trailing whitespace"])
            }
        }
        podStatus(pod)
    }

    /// The part of a pod that changes by itself.
    mutating func podStatus(_ pod: JSONValue) {
        let texts = (pod["status"]?.elements("podIPs") ?? []).compactMap { $0["ip"]?.string }
        let addresses = texts.enumerated().compactMap { address("status.podIPs[\($0.offset)]", $0.element) }
        if addresses.count == texts.count, Set(addresses.map(\.family)).count != texts.count {
            invalid("status.podIPs", Self.array(texts), "may specify no more than one IP for each IP family")
        }
    }

    /// What pods and pod templates have in common.
    mutating func podSpec(_ path: String, _ spec: JSONValue, isTemplate: Bool) {
        if spec["terminationGracePeriodSeconds"] == nil { required("\(path).terminationGracePeriodSeconds") }
        let volumes = volumes("\(path).volumes", spec.elements("volumes"))
        containers(path, spec, volumes: volumes)
        if spec["hostNetwork"] == true { hostNetworkPorts(path, spec, isTemplate: isTemplate) }
        requiredAndSupported(
            "\(path).restartPolicy", spec.text("restartPolicy"), ["Always", "OnFailure", "Never"])
        requiredAndSupported(
            "\(path).dnsPolicy", spec.text("dnsPolicy"), ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"])
        labels("\(path).nodeSelector", spec["nodeSelector"])
        podSecurity("\(path).securityContext", spec["securityContext"])
        affinity("\(path).affinity", spec["affinity"])
        dnsConfig("\(path).dnsConfig", spec["dnsConfig"], policy: spec.text("dnsPolicy"))
        for (index, gate) in spec.elements("readinessGates").enumerated() {
            let type = gate["conditionType"]?.string ?? ""
            invalid("\(path).readinessGates[\(index)].conditionType", type, Naming.qualifiedNameFaults(type))
        }
        topologySpread("\(path).topologySpreadConstraints", spec.elements("topologySpreadConstraints"))
        podNames(path, spec)
        if let seconds = spec["activeDeadlineSeconds"]?.integer, !(1...Int64(Int32.max)).contains(seconds) {
            invalid(
                "\(path).activeDeadlineSeconds", .integer(seconds), "must be between 1 and 2147483647, inclusive")
        }
        tolerations("\(path).tolerations", spec.elements("tolerations"))
        hostAliases("\(path).hostAliases", spec.elements("hostAliases"))
        if let policy = spec.text("preemptionPolicy") {
            supported("\(path).preemptionPolicy", policy, ["PreemptLowerPriority", "Never"])
        }
        if let system = spec["os"] {
            requiredAndSupported("\(path).os.name", system.text("name"), ["linux", "windows"])
        }
    }

    private mutating func podNames(_ path: String, _ spec: JSONValue) {
        for field in ["serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"] {
            guard let name = spec.text(field) else { continue }
            invalid("\(path).\(field)", name, Naming.subdomainFaults(name))
        }
        for field in ["hostname", "subdomain"] {
            guard let name = spec.text(field) else { continue }
            invalid("\(path).\(field)", name, Naming.labelFaults(name))
        }
    }

    /// A pod on the host's network has its ports on the host; a template may leave that to the pod's defaults.
    private mutating func hostNetworkPorts(_ path: String, _ spec: JSONValue, isTemplate: Bool) {
        for (index, container) in spec.elements("containers").enumerated() {
            for (place, port) in container.elements("ports").enumerated() {
                let host = port["hostPort"]?.integer ?? 0
                if host != port["containerPort"]?.integer ?? 0, !(isTemplate && host == 0) {
                    invalid(
                        "\(path).containers[\(index)].ports[\(place)].hostPort", .integer(host),
                        "must match `containerPort` when `hostNetwork` is true")
                }
            }
        }
    }

    private mutating func dnsConfig(_ path: String, _ configuration: JSONValue?, policy: String?) {
        let servers = configuration?.elements("nameservers") ?? []
        if policy == "None" {
            if configuration == nil {
                return required(path, "must provide `dnsConfig` when `dnsPolicy` is None")
            } else if servers.isEmpty {
                return required(
                    "\(path).nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None")
            }
        }
        if servers.count > 3 {
            invalid("\(path).nameservers", .array(servers), "must not have more than 3 nameservers")
        }
        for (index, server) in servers.enumerated() {
            if let text = server.string { address("\(path).nameservers[\(index)]", text) }
        }
        let searches = (configuration?.elements("searches") ?? []).compactMap(\.string)
        if searches.count > 32 {
            invalid("\(path).searches", Self.array(searches), "must not have more than 32 search paths")
        }
        if searches.reduce(0, { $0 + $1.utf8.count + 1 }) > 2049 {
            invalid(
                "\(path).searches", Self.array(searches),
                "must not have more than 2048 characters (including spaces) in the search list")
        }
        for (index, search) in searches.enumerated() where search != "." {
            let name = search.hasSuffix(".") ? String(search.dropLast()) : search
            invalid("\(path).searches[\(index)]", name, Naming.searchDomainFaults(name))
        }
        for (index, option) in (configuration?.elements("options") ?? []).enumerated() where option.isUnset("name") {
            required("\(path).options[\(index)]", "must not be empty")
        }
    }

    private mutating func hostAliases(_ path: String, _ aliases: [JSONValue]) {
        for (index, alias) in aliases.enumerated() {
            address("\(path)[\(index)].ip", alias["ip"]?.string ?? "")
            for (place, name) in alias.elements("hostnames").enumerated() {
                guard let name = name.string else { continue }
                invalid("\(path)[\(index)].hostnames[\(place)]", name, Naming.subdomainFaults(name))
            }
        }
    }

    private mutating func podSecurity(_ path: String, _ context: JSONValue?) {
        userAndGroup(path, context)
        var names: Set<String> = []
        for (index, setting) in (context?.elements("sysctls") ?? []).enumerated() {
            let path = "\(path).sysctls[\(index)].name"
            guard let name = setting.text("name") else {
                required(path)
                continue
            }
            if name.utf8.count > 253 || !Naming.isSetting(name) {
                invalid(
                    path, name,
                    [
                        "must have at most 253 characters and match regex "
                            + "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"
                    ])
            } else if !names.insert(name).inserted {
                duplicate(path, .string(name))
            }
        }
    }

    /// User and group ids of a pod or a container.
    mutating func userAndGroup(_ path: String, _ context: JSONValue?) {
        for field in ["runAsUser", "runAsGroup", "fsGroup"] {
            guard let number = context?[field]?.integer, !(0...Int64(UInt32.max)).contains(number) else { continue }
            invalid("\(path).\(field)", .integer(number), "must be between 0 and 4294967295, inclusive")
        }
    }
}
