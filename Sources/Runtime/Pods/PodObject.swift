internal import Addressing
internal import KubernetesModel
internal import Topology

extension APIObject {
    /// The annotation that pins a pod's addresses, one a family with commas between them.
    static let addressAnnotation = "lab/address"

    /// The API object of a pod of a lab file, bound to its node.
    init(_ pod: PodSpec) {
        self.init(.pods, namespace: pod.namespace, name: pod.name)
        labels = pod.labels
        var spec: [String: JSONValue] = [
            "containers": .array(pod.containers.map(\.value)), "nodeName": .string(pod.node),
        ]
        if pod.hostNetwork {
            spec["hostNetwork"] = true
        } else if !pod.address.isEmpty {
            annotations = [Self.addressAnnotation: pod.address.map(\.description).joined(separator: ",")]
        }
        if let naming = pod.naming { spec.merge(naming.fields) { $1 } }
        self["spec"] = .object(spec)
    }
}

extension PodNaming {
    /// The fields of a Pod's spec.
    fileprivate var fields: [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        if policy != .clusterFirst { fields["dnsPolicy"] = .string(policy.rawValue) }
        if let hostname { fields["hostname"] = .string(hostname) }
        if let subdomain { fields["subdomain"] = .string(subdomain) }
        if usesFullHostname { fields["setHostnameAsFQDN"] = true }
        if !hostAliases.isEmpty {
            fields["hostAliases"] = .array(
                hostAliases.map {
                    ["ip": .string($0.address.description), "hostnames": .array($0.names.map { .string($0) })]
                })
        }
        if let configuration { fields["dnsConfig"] = configuration.value }
        return fields
    }
}

extension ContainerSpec {
    fileprivate var value: JSONValue {
        var fields: [String: JSONValue] = ["name": .string(name), "image": .string(image)]
        if !command.isEmpty { fields["command"] = .array(command.map { .string($0) }) }
        if !arguments.isEmpty { fields["args"] = .array(arguments.map { .string($0) }) }
        if !environment.isEmpty {
            fields["env"] = .array(environment.map { ["name": .string($0.name), "value": .string($0.value)] })
        }
        if let workingDirectory { fields["workingDir"] = .string(workingDirectory) }
        if !ports.isEmpty { fields["ports"] = .array(ports.map(\.value)) }
        for (field, isSet) in [("stdin", hasInput), ("stdinOnce", inputOnce), ("tty", hasTerminal)] where isSet {
            fields[field] = true
        }
        return .object(fields)
    }
}

extension ContainerPort {
    fileprivate var value: JSONValue {
        var fields: [String: JSONValue] = [
            "containerPort": .integer(Int64(containerPort)), "protocol": .string(transport.rawValue),
        ]
        if let name { fields["name"] = .string(name) }
        if let hostPort { fields["hostPort"] = .integer(Int64(hostPort)) }
        if let hostIP { fields["hostIP"] = .string(hostIP.description) }
        return .object(fields)
    }
}

extension PodNaming.Configuration {
    /// core/v1 PodDNSConfig.
    fileprivate var value: JSONValue {
        var fields: [String: JSONValue] = [:]
        if !nameServers.isEmpty { fields["nameservers"] = .array(nameServers.map { .string($0.description) }) }
        if !searches.isEmpty { fields["searches"] = .array(searches.map { .string($0) }) }
        if !options.isEmpty {
            fields["options"] = .array(
                options.map { option in
                    var field: [String: JSONValue] = ["name": .string(option.name)]
                    if let value = option.value { field["value"] = .string(value) }
                    return .object(field)
                })
        }
        return .object(fields)
    }
}
