import Addressing
import KubernetesModel

/// Reads pods from the two places that describe them.
struct PodReader {
    /// How a kind of file spells the fields.
    struct Spelling {
        var workingDirectory: String
        var ports: String
        var containerPort: String
        var hostPort: String
        var hostIP: String
        /// Whether environment variables are a list of names and values instead of a table.
        var listsVariables: Bool
        /// Whether keys that are not known are refused instead of ignored.
        var isStrict: Bool

        /// `[[pod]]` of a lab file.
        static let labFile = Spelling(
            workingDirectory: "working-dir", ports: "port", containerPort: "container-port", hostPort: "host-port",
            hostIP: "host-ip", listsVariables: false, isStrict: true)
        /// A Pod of the Kubernetes API (core/v1).
        static let kubernetes = Spelling(
            workingDirectory: "workingDir", ports: "ports", containerPort: "containerPort", hostPort: "hostPort",
            hostIP: "hostIP", listsVariables: true, isStrict: false)
    }

    let spelling: Spelling
    let reader: DocumentReader
    private(set) var pod: PodManifest

    private init(_ spelling: Spelling, _ table: TableReader, path: FieldPath, namespace: String) {
        self.spelling = spelling
        reader = table.reader
        pod = PodManifest(namespace: namespace, name: "")
        note(.root, at: table.value, as: path)
    }

    /// Notes where a field was written.
    private mutating func note(_ path: FieldPath, at value: DocumentValue, as keyPath: FieldPath? = nil) {
        pod.sources[path] = SourceLocation(
            file: reader.file, position: value.position, keyPath: keyPath ?? value.path)
    }

    private mutating func noted<Value>(_ path: FieldPath, _ located: Located<Value>?) -> Value? {
        guard let located else { return nil }
        note(path, at: located.source)
        return located.value
    }

    // MARK: Pods

    /// Reads an element of `[[pod]]`.
    static func labPod(_ table: TableReader) -> PodManifest {
        var reading = PodReader(.labFile, table, path: table.value.path, namespace: "default")
        reading.readName(table, remedy: "write name = \"…\"")
        reading.pod.node = reading.noted(.root["node"], table.string("node"))
        for (index, address) in (table.addresses("address") ?? []).enumerated() {
            reading.note(.root["address"][index], at: address.source)
            reading.pod.address.append(address.value)
        }
        reading.readLabels(table)
        reading.readPlace(table, hostNetwork: "host-network")
        reading.readNames(table)
        reading.readContainers(table, key: "container")
        table.refuseUnknownKeys(
            besides: [
                "name", "namespace", "node", "address", "labels", "host-network", "hostname", "subdomain", "dns-policy",
                "container",
            ], in: "a pod")
        return reading.pod
    }

    /// Reads a Pod object of the API; nil, with the problem reported, where it has no metadata or spec.
    static func pod(_ object: TableReader, namespace: String) -> PodManifest? {
        let path = object.value.path
        for key in ["metadata", "spec"] where object[key] == nil {
            object.reader.refuse(
                at: path[key], position: object.value.position, "is missing",
                remedy: "write a Pod with metadata and spec")
        }
        guard let metadata = object.table("metadata"), let spec = object.table("spec") else { return nil }
        var reading = PodReader(.kubernetes, object, path: path, namespace: namespace)
        for field in ["name", "namespace", "labels"] {
            reading.note(.root[field], at: metadata.value, as: path["metadata"][field])
        }
        reading.note(.root["node"], at: spec.value, as: path["spec"]["nodeName"])
        reading.readName(metadata, remedy: "write a name under metadata")
        reading.readLabels(metadata)
        reading.readPinnedAddresses(metadata)
        reading.pod.node = reading.noted(.root["node"], spec.string("nodeName")).flatMap { $0.isEmpty ? nil : $0 }
        reading.readPlace(spec, hostNetwork: "hostNetwork")
        let naming = PodNaming(spec: .object(Self.fieldsOfNames(spec)))
        reading.pod.naming = naming == PodNaming() ? nil : naming
        reading.readContainers(spec, key: "containers")
        return reading.pod
    }

    private mutating func readName(_ table: TableReader, remedy: String) {
        pod.name = noted(.root["name"], table.required("name", remedy: remedy)) ?? ""
        pod.namespace = noted(.root["namespace"], table.string("namespace")) ?? pod.namespace
    }

    private mutating func readLabels(_ table: TableReader) {
        guard let value = table["labels"] else { return }
        pod.labels = table.dictionary("labels")
        note(.root["labels"], at: value)
        guard case .table(let entries) = value.content else { return }
        for entry in entries { note(.root["labels"][entry.key], at: entry.value) }
    }

    private mutating func readPlace(_ table: TableReader, hostNetwork: String) {
        pod.hostNetwork = noted(.root["host-network"], table.boolean(hostNetwork)) ?? false
    }

    /// The names of a pod of a lab file, and where it asks for others'.
    private mutating func readNames(_ table: TableReader) {
        var naming = PodNaming()
        naming.hostname = noted(.root["hostname"], table.string("hostname"))
        naming.subdomain = noted(.root["subdomain"], table.string("subdomain"))
        if let text = table.string("dns-policy") {
            note(.root["dns-policy"], at: text.source)
            if let policy = PodNaming.Policy(rawValue: text.value) {
                naming.policy = policy
            } else {
                reader.refuse(
                    text.source, "\(Shown.quoted(text.value)) is no policy for DNS",
                    remedy: "use " + PodNaming.Policy.allCases.map(\.rawValue).joined(separator: ", "))
            }
        }
        pod.naming = naming == PodNaming() ? nil : naming
    }

    /// The fields of a Pod's spec that are about names. The rules of the API judge them.
    private static func fieldsOfNames(_ spec: TableReader) -> [String: JSONValue] {
        let keys = ["dnsPolicy", "dnsConfig", "hostAliases", "hostname", "subdomain", "setHostnameAsFQDN"]
        return Dictionary(keys.compactMap { key in spec[key].map { (key, $0.json) } }) { $1 }
    }

    /// The annotation `lab/address` pins addresses: one, or one a family with commas between them.
    private mutating func readPinnedAddresses(_ metadata: TableReader) {
        let key = "lab/address"
        guard let annotations = metadata.table("annotations"), let text = annotations.string(key) else { return }
        for (index, part) in text.value.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            let trimmed = part.drop { $0 == " " }
            guard let address = IPAddress(trimmed) else {
                reader.refuse(
                    text.source, "\(Shown.quoted(String(part))) is not an IP address",
                    remedy: "write an IP address, such as \"10.244.1.5\", or one a family with a comma between them")
                return
            }
            note(.root["address"][index], at: text.source)
            pod.address.append(address)
        }
    }

    // MARK: Containers

    private mutating func readContainers(_ table: TableReader, key: String) {
        guard let value = table[key] else {
            if spelling.isStrict {
                pod.openHostPortsIfShared()
            } else {
                reader.refuse(
                    at: table.value.path[key], position: table.value.position, "is missing",
                    remedy: "give the pod at least one container")
            }
            return
        }
        note(.root["container"], at: value)
        pod.containers = table.tables(key).enumerated().map { index, table in
            container(table, at: .root["container"][index])
        }
        pod.openHostPortsIfShared()
    }

    private mutating func container(_ table: TableReader, at path: FieldPath) -> ContainerSpec {
        note(path, at: table.value)
        var container = ContainerSpec(name: "", image: "")
        container.name = noted(path["name"], table.required("name", remedy: "name the container")) ?? ""
        container.image = noted(path["image"], table.required("image", remedy: "name an image, such as agnhost")) ?? ""
        container.command = strings(table, "command", at: path)
        container.arguments = strings(table, "args", at: path)
        container.environment = spelling.listsVariables ? listedVariables(table, at: path) : variables(table, at: path)
        container.workingDirectory = noted(path["working-dir"], table.string(spelling.workingDirectory))
        let ports = table.tables(spelling.ports).enumerated()
        container.ports = ports.compactMap { index, table in port(table, at: path["port"][index]) }
        if spelling.isStrict {
            table.refuseUnknownKeys(
                besides: ["name", "image", "command", "args", "env", "working-dir", "port"], in: "a container")
        } else {
            container.hasInput = noted(path["stdin"], table.boolean("stdin")) ?? false
            container.inputOnce = noted(path["stdinOnce"], table.boolean("stdinOnce")) ?? false
            container.hasTerminal = noted(path["tty"], table.boolean("tty")) ?? false
        }
        return container
    }

    private mutating func strings(_ table: TableReader, _ key: String, at path: FieldPath) -> [String] {
        (table.strings(key) ?? []).enumerated().map { index, text in
            note(path[key][index], at: text.source)
            return text.value
        }
    }

    private mutating func variables(_ table: TableReader, at path: FieldPath) -> [EnvironmentVariable] {
        guard let value = table["env"], let entries = reader.entries(value) else { return [] }
        return entries.compactMap { entry in
            guard let text = reader.string(entry.value) else { return nil }
            note(path["env"][entry.key], at: entry.value)
            return EnvironmentVariable(name: entry.key, value: text.value)
        }
    }

    /// The variables of a Pod. Those that take their value from elsewhere (`valueFrom`) are left out.
    private mutating func listedVariables(_ table: TableReader, at path: FieldPath) -> [EnvironmentVariable] {
        table.tables("env").compactMap { table in
            guard let name = table.required("name", remedy: "name the variable") else { return nil }
            note(path["env"][name.value], at: name.source)
            guard table["valueFrom"] == nil else { return nil }
            return EnvironmentVariable(name: name.value, value: table.string("value")?.value ?? "")
        }
    }

    // MARK: Ports

    private mutating func port(_ table: TableReader, at path: FieldPath) -> ContainerPort? {
        note(path, at: table.value)
        if spelling.isStrict {
            table.refuseUnknownKeys(
                besides: ["name", "container-port", "protocol", "host-port", "host-ip"], in: "a port")
        }
        if table[spelling.containerPort] == nil {
            reader.refuse(
                at: table.value.path[spelling.containerPort], position: table.value.position, "is missing",
                remedy: "give the port's number")
        }
        note(path["host-port"], at: table.value, as: table.value.path[spelling.hostPort])
        let number = portNumber(table, spelling.containerPort, at: path["container-port"])
        let hostPort = portNumber(table, spelling.hostPort, at: path["host-port"])
        guard let number else { return nil }
        return ContainerPort(
            name: noted(path["name"], table.string("name")), containerPort: number,
            transport: transport(table, at: path), hostPort: hostPort, hostIP: hostIP(table, at: path))
    }

    /// A port's number. The API takes a `hostPort` of 0 for none.
    private mutating func portNumber(_ table: TableReader, _ key: String, at path: FieldPath) -> UInt16? {
        guard let number = table.integer(key) else { return nil }
        note(path, at: number.source)
        if number.value == 0, key == spelling.hostPort, !spelling.isStrict { return nil }
        guard let port = UInt16(exactly: number.value), port > 0 else {
            reader.refuse(number.source, "\(number.value) is not a port", remedy: "use a number from 1 to 65535")
            return nil
        }
        return port
    }

    private mutating func transport(_ table: TableReader, at path: FieldPath) -> Transport {
        guard let text = table.string("protocol") else { return .tcp }
        note(path["protocol"], at: text.source)
        if let transport = Transport(rawValue: text.value) { return transport }
        reader.refuse(text.source, "\(Shown.quoted(text.value)) is not a protocol", remedy: "use TCP, UDP or SCTP")
        return .tcp
    }

    private mutating func hostIP(_ table: TableReader, at path: FieldPath) -> IPAddress? {
        guard let text = table.string(spelling.hostIP), !text.value.isEmpty else { return nil }
        note(path["host-ip"], at: text.source)
        if let address = IPAddress(text.value) { return address }
        reader.refuse(
            text.source, "\(Shown.quoted(text.value)) is not an IP address",
            remedy: "write an address of the node, or leave it out for all of them")
        return nil
    }
}

extension PodManifest {
    /// Opens the ports on the node where the pod lives in its namespace.
    fileprivate mutating func openHostPortsIfShared() {
        if hostNetwork { openHostPorts() }
    }
}
