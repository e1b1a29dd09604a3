extension Faults {
    /// A container's environment variables and where they come from.
    mutating func environment(_ path: String, _ container: JSONValue) {
        for (index, variable) in container.elements("env").enumerated() {
            let path = "\(path).env[\(index)]"
            if let name = variable.text("name") {
                invalid("\(path).name", name, Naming.environmentVariableFaults(name))
            } else {
                required("\(path).name")
            }
            if let source = variable["valueFrom"] {
                variableSource("\(path).valueFrom", source, hasValue: !variable.isUnset("value"))
            }
        }
        for (index, source) in container.elements("envFrom").enumerated() {
            sourceOfMany("\(path).envFrom[\(index)]", source, list: "\(path).envFrom")
        }
    }

    private mutating func variableSource(_ path: String, _ source: JSONValue, hasValue: Bool) {
        let kinds = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"]
        let count = kinds.count { source[$0] != nil }
        if let field = source["fieldRef"] { fieldReference("\(path).fieldRef", field) }
        if let resource = source["resourceFieldRef"] { resourceReference("\(path).resourceFieldRef", resource) }
        for field in ["configMapKeyRef", "secretKeyRef"] {
            guard let reference = source[field] else { continue }
            let name = reference["name"]?.string ?? ""
            invalid("\(path).\(field).name", name, Naming.subdomainFaults(name))
            if let key = reference.text("key") {
                invalid("\(path).\(field).key", key, Naming.configKeyFaults(key))
            } else {
                required("\(path).\(field).key")
            }
        }
        if count == 0 {
            invalid(
                path, "",
                ["must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"])
        } else if hasValue {
            invalid(path, "", ["may not be specified when `value` is not empty"])
        } else if count > 1 {
            invalid(path, "", ["may not have more than one field specified at a time"])
        }
    }

    private static let podFields: Set<String> = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
        "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ]

    private mutating func fieldReference(_ path: String, _ reference: JSONValue) {
        if reference.isUnset("apiVersion") { return required("\(path).apiVersion") }
        guard let field = reference.text("fieldPath") else { return required("\(path).fieldPath") }
        for map in ["metadata.labels['", "metadata.annotations['"]
        where field.hasPrefix(map) && field.hasSuffix("']") {
            let key = String(field.dropFirst(map.count).dropLast(2))
            let isLabel = map.hasPrefix("metadata.labels")
            return invalid(path, key, Naming.qualifiedNameFaults(isLabel ? key : key.lowercased()))
        }
        if !Self.podFields.contains(field) {
            invalid(
                "\(path).fieldPath", field, ["error converting fieldPath: field label not supported: \(field)"])
        }
    }

    private static let resourceFields = [
        "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage",
        "requests.memory",
    ]

    private mutating func resourceReference(_ path: String, _ reference: JSONValue) {
        guard let resource = reference.text("resource") else { return required("\(path).resource") }
        if !["requests.hugepages-", "limits.hugepages-"].contains(where: resource.hasPrefix) {
            supported("\(path).resource", resource, Self.resourceFields)
        }
    }

    private mutating func sourceOfMany(_ path: String, _ source: JSONValue, list: String) {
        if let prefix = source.text("prefix") {
            invalid("\(path).prefix", prefix, Naming.environmentVariableFaults(prefix))
        }
        let kinds = ["configMapRef", "secretRef"].filter { source[$0] != nil }
        for kind in kinds {
            if let name = source[kind]?.text("name") {
                invalid("\(path).\(kind).name", name, Naming.subdomainFaults(name))
            } else {
                required("\(path).\(kind).name")
            }
        }
        // The API server names the list here, not its element.
        if kinds.isEmpty {
            invalid(list, "", ["must specify one of: `configMapRef` or `secretRef`"])
        } else if kinds.count > 1 {
            invalid(list, "", ["may not have more than one field specified at a time"])
        }
    }
}
