internal import Addressing
internal import ControlPlane
internal import KubernetesModel
internal import Topology

/// The environment variables of a pod's containers, with what they take from elsewhere filled in, as the kubelet does
/// when a container is created.
struct ContainerEnvironment {
    let pod: APIObject
    let store: ObjectStore
    let nodeAddresses: [IPAddress]

    /// The pod with plain variables in every container. A ConfigMap or Secret that is missing and not optional is an
    /// error.
    ///
    /// - Throws: `ContainerWaiting` where a variable cannot be filled in.
    func resolved() throws(ContainerWaiting) -> APIObject {
        guard let containers = pod["spec", "containers"]?.array else { return pod }
        var pod = pod
        var resolved: [JSONValue] = []
        for container in containers { resolved.append(try self.resolved(container)) }
        pod["spec", "containers"] = .array(resolved)
        return pod
    }

    private func resolved(_ container: JSONValue) throws(ContainerWaiting) -> JSONValue {
        var variables = serviceVariables.map { (name: $0.name, value: $0.value) }
        func set(_ name: String, _ value: String) {
            variables.removeAll { $0.name == name }
            variables.append((name, value))
        }
        for source in container["envFrom"]?.array ?? [] {
            let prefix = source["prefix"]?.string ?? ""
            for (key, value) in try data(of: source, "configMapRef", "secretRef").sorted(by: { $0.key < $1.key }) {
                set(prefix + key, value)
            }
        }
        for variable in container["env"]?.array ?? [] {
            guard let name = variable["name"]?.string else { continue }
            if let source = variable["valueFrom"] {
                if let value = try value(from: source, container) { set(name, value) }
            } else {
                let known = Dictionary(variables.map { ($0.name, $0.value) }) { $1 }
                set(name, Self.expanded(variable["value"]?.string ?? "", known))
            }
        }
        let known = Dictionary(variables.map { ($0.name, $0.value) }) { $1 }
        var container = container
        container["env"] = .array(
            variables.map { ["name": .string($0.name), "value": .string($0.value)] })
        for field in ["command", "args"] {
            guard let words = container[field]?.array else { continue }
            container[field] = .array(words.map { $0.string.map { .string(Self.expanded($0, known)) } ?? $0 })
        }
        return container
    }

    /// Where the API is, which every container is told.
    private var serviceVariables: [EnvironmentVariable] {
        let key = ObjectKey(.services, namespace: "default", name: "kubernetes")
        guard let service = store.object(key)?.object, let address = service["spec", "clusterIP"]?.string else {
            return []
        }
        let port = String(service["spec", "ports"]?.array?.first?["port"]?.integer ?? 443)
        return APIEnvironment.variables(address: address, port: port)
    }

    private func value(from source: JSONValue, _ container: JSONValue) throws(ContainerWaiting) -> String? {
        if let path = source["fieldRef"]?["fieldPath"]?.string { return field(path) }
        for (field, name) in [("configMapKeyRef", "configMap"), ("secretKeyRef", "secret")] {
            guard let reference = source[field], let key = reference["key"]?.string else { continue }
            let isOptional = reference["optional"]?.bool ?? false
            if let value = try data(named: reference, field == "secretKeyRef")[key] { return value }
            if isOptional { return nil }
            throw ContainerWaiting(
                reason: "CreateContainerConfigError",
                message: "couldn't find key \(key) in \(name) \(pod.namespace)/\(reference["name"]?.string ?? "")")
        }
        return nil
    }

    private func field(_ path: String) -> String? {
        switch path {
        case "metadata.name": return pod.name
        case "metadata.namespace": return pod.namespace
        case "metadata.uid": return pod.uid
        case "spec.nodeName": return pod["spec", "nodeName"]?.string
        case "spec.serviceAccountName": return pod["spec", "serviceAccountName"]?.string ?? "default"
        case "status.hostIP": return nodeAddresses.first?.description
        case "status.hostIPs": return nodeAddresses.map(\.description).joined(separator: ",")
        // Known once the pod has a network.
        case "status.podIP": return Self.podAddress
        case "status.podIPs": return Self.podAddresses
        default: break
        }
        for (prefix, values) in [("metadata.labels['", pod.labels), ("metadata.annotations['", pod.annotations)]
        where path.hasPrefix(prefix) && path.hasSuffix("']") {
            return values[String(path.dropFirst(prefix.count).dropLast(2))] ?? ""
        }
        return nil
    }

    /// What stands for the pod's addresses until they are known.
    static let podAddress = "\u{1}podIP\u{1}"
    static let podAddresses = "\u{1}podIPs\u{1}"

    private func data(
        of source: JSONValue, _ configMap: String, _ secret: String
    ) throws(ContainerWaiting) -> [String: String] {
        if let reference = source[configMap] { return try data(named: reference, false) }
        if let reference = source[secret] { return try data(named: reference, true) }
        return [:]
    }

    private func data(named reference: JSONValue, _ isSecret: Bool) throws(ContainerWaiting) -> [String: String] {
        let name = reference["name"]?.string ?? ""
        let key = ObjectKey(isSecret ? .secrets : .configMaps, namespace: pod.namespace, name: name)
        guard let object = store.object(key)?.object else {
            if reference["optional"]?.bool ?? false { return [:] }
            throw ContainerWaiting(
                reason: "CreateContainerConfigError",
                message: "\(isSecret ? "secret" : "configmap") \"\(name)\" not found")
        }
        let data = (object["data"]?.object ?? [:]).compactMapValues(\.string)
        return isSecret ? data.compactMapValues(Base64.text) : data
    }

    /// `$(NAME)` as the variable's value, `$$` as one dollar sign; what is not known stays as it is.
    static func expanded(_ text: String, _ variables: [String: String]) -> String {
        guard text.contains("$") else { return text }
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                result += "$"
                rest = rest.dropFirst()
            } else if rest.first == "(", let end = rest.firstIndex(of: ")") {
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                result += variables[name] ?? "$(\(name))"
                rest = rest[rest.index(after: end)...]
            } else {
                result += "$"
            }
        }
        return result + rest
    }
}
