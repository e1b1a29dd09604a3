extension Faults {
    /// All containers of a pod, whose volumes have these names.
    mutating func containers(_ path: String, _ spec: JSONValue, volumes: Set<String>) {
        let containers = spec.elements("containers")
        let grace = spec["terminationGracePeriodSeconds"]?.integer
        if containers.isEmpty { required("\(path).containers") }
        var names: Set<String> = []
        for (index, container) in containers.enumerated() {
            let path = "\(path).containers[\(index)]"
            self.container(path, container, volumes: volumes)
            duplicateName(path, container, &names)
            lifecycle("\(path).lifecycle", container["lifecycle"], grace: grace)
            probes(path, container)
            if container["restartPolicy"] != nil {
                forbidden("\(path).restartPolicy", "may not be set for non-init containers")
            }
        }
        duplicateHostPorts("\(path).containers", containers)
        for (index, container) in spec.elements("initContainers").enumerated() {
            // These run one by one, so that their ports conflict only with their own.
            duplicateHostPorts("\(path).initContainers", [container])
            initContainer("\(path).initContainers[\(index)]", container, volumes, &names, grace: grace)
        }
        for (index, container) in spec.elements("ephemeralContainers").enumerated() {
            let path = "\(path).ephemeralContainers[\(index)]"
            self.container(path, container, volumes: volumes)
            let others = names
            duplicateName(path, container, &names)
            if let target = container.text("targetContainerName"), !others.contains(target) {
                notFound("\(path).targetContainerName", target)
            }
        }
    }

    private mutating func duplicateName(_ path: String, _ container: JSONValue, _ names: inout Set<String>) {
        if let name = container.text("name"), !names.insert(name).inserted {
            duplicate("\(path).name", .string(name))
        }
    }

    private mutating func initContainer(
        _ path: String, _ container: JSONValue, _ volumes: Set<String>, _ names: inout Set<String>, grace: Int64?
    ) {
        self.container(path, container, volumes: volumes)
        duplicateName(path, container, &names)
        if let policy = container.text("restartPolicy") {
            supported("\(path).restartPolicy", policy, ["Always"])
            lifecycle("\(path).lifecycle", container["lifecycle"], grace: grace)
            probes(path, container)
            return
        }
        for field in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] where container[field] != nil {
            forbidden("\(path).\(field)", "may not be set for init containers without restartPolicy=Always")
        }
    }

    private mutating func container(_ path: String, _ container: JSONValue, volumes: Set<String>) {
        if let name = container.text("name") {
            invalid("\(path).name", name, Naming.labelFaults(name))
        } else {
            required("\(path).name")
        }
        if container.isUnset("image") { required("\(path).image") }
        requiredAndSupported(
            "\(path).terminationMessagePolicy", container.text("terminationMessagePolicy"),
            ["File", "FallbackToLogsOnError"])
        containerPorts("\(path).ports", container.elements("ports"))
        environment(path, container)
        volumeMounts("\(path).volumeMounts", container.elements("volumeMounts"), volumes)
        requiredAndSupported(
            "\(path).imagePullPolicy", container.text("imagePullPolicy"), ["Always", "IfNotPresent", "Never"])
        resources("\(path).resources", container["resources"] ?? [:])
        userAndGroup("\(path).securityContext", container["securityContext"])
    }

    private mutating func containerPorts(_ path: String, _ ports: [JSONValue]) {
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = "\(path)[\(index)]"
            if let name = port.text("name") {
                let faults = Naming.portNameFaults(name)
                invalid("\(path).name", name, faults)
                if faults.isEmpty, !names.insert(name).inserted { duplicate("\(path).name", .string(name)) }
            }
            if let number = port["containerPort"]?.integer, number != 0 {
                self.port("\(path).containerPort", number)
            } else {
                required("\(path).containerPort")
            }
            if let number = port["hostPort"]?.integer, number != 0 { self.port("\(path).hostPort", number) }
            if let text = port.text("hostIP") { address("\(path).hostIP", text) }
            requiredAndSupported("\(path).protocol", port.text("protocol"), ["SCTP", "TCP", "UDP"])
        }
    }

    private mutating func duplicateHostPorts(_ path: String, _ containers: [JSONValue]) {
        var seen: Set<String> = []
        for (index, container) in containers.enumerated() {
            for (place, port) in container.elements("ports").enumerated() {
                guard let number = port["hostPort"]?.integer, number != 0 else { continue }
                let text = "\(port["protocol"]?.string ?? "")/\(port["hostIP"]?.string ?? "")/\(number)"
                if !seen.insert(text).inserted {
                    duplicate("\(path)[\(index)].ports[\(place)].hostPort", .string(text))
                }
            }
        }
    }

    private mutating func volumeMounts(_ list: String, _ mounts: [JSONValue], _ volumes: Set<String>) {
        var places: Set<String> = []
        for (index, mount) in mounts.enumerated() {
            let path = "\(list)[\(index)]"
            let name = mount["name"]?.string ?? ""
            if name.isEmpty { required("\(path).name") }
            if !volumes.contains(name) { notFound("\(path).name", name) }
            let place = mount["mountPath"]?.string ?? ""
            if place.isEmpty { required("\(path).mountPath") }
            if !places.insert(place).inserted { invalid("\(path).mountPath", place, ["must be unique"]) }
            if let subPath = mount.text("subPath") { relativePath("\(list).subPath", subPath) }
        }
    }

    private mutating func resources(_ path: String, _ resources: JSONValue) {
        let limits = resources["limits"]?.object ?? [:]
        let requests = resources["requests"]?.object ?? [:]
        for (field, amounts) in [("limits", limits), ("requests", requests)] {
            for (name, amount) in amounts.sorted(by: { $0.key < $1.key }) {
                let path = "\(path).\(field)[\(name)]"
                resourceName(path, name)
                if let quantity = Self.quantity(amount), quantity.nanos < 0 {
                    invalid(path, amount, "must be greater than or equal to 0")
                }
            }
        }
        for (name, amount) in requests.sorted(by: { $0.key < $1.key }) {
            guard let limit = limits[name], let request = Self.quantity(amount), let most = Self.quantity(limit),
                request > most
            else { continue }
            invalid(
                "\(path).requests", amount,
                "must be less than or equal to \(name) limit of \(limit.string ?? limit.text)")
        }
    }

    static func quantity(_ value: JSONValue) -> Quantity? { try? Quantity(value.string ?? value.text) }

    private mutating func resourceName(_ path: String, _ name: String) {
        invalid(path, name, Naming.qualifiedNameFaults(name))
        let isStandard = ["cpu", "memory", "ephemeral-storage"].contains(name) || name.hasPrefix("hugepages-")
        if !name.contains("/"), !isStandard {
            invalid(
                path, name,
                ["must be a standard resource type or fully qualified", "must be a standard resource for containers"])
        }
    }
}
