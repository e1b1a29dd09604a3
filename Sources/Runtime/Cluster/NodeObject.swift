internal import Addressing
internal import Glibc
internal import KubernetesModel
internal import Topology

extension APIObject {
    /// The API object of a node, ready.
    init(_ node: NodeSpec, version: String, now: Timestamp) {
        self.init(.nodes, name: node.name)
        labels = node.labels.merging([
            "kubernetes.io/hostname": node.name, "kubernetes.io/os": "linux",
            "kubernetes.io/arch": Machine.current.architecture,
        ]) { given, _ in given }
        self["spec"] = Self.spec(of: node)
        self["status"] = Self.status(of: node, version: version, now: now)
    }

    private static func spec(of node: NodeSpec) -> JSONValue {
        guard let first = node.podCIDR.first else { return .object([:]) }
        return [
            "podCIDR": .string(first.description), "podCIDRs": .array(node.podCIDR.map { .string($0.description) }),
        ]
    }

    private static func status(of node: NodeSpec, version: String, now: Timestamp) -> JSONValue {
        let machine = Machine.current
        var addresses: [JSONValue] = node.address.map {
            ["type": "InternalIP", "address": .string($0.description)]
        }
        addresses.append(["type": "Hostname", "address": .string(node.name)])
        let resources: JSONValue = [
            "cpu": .string("\(machine.processors)"), "memory": .string("\(machine.memoryKiB)Ki"), "pods": "1000",
        ]
        return [
            "addresses": .array(addresses), "capacity": resources, "allocatable": resources,
            "conditions": .array(conditions(now: now)),
            "nodeInfo": [
                "kubeletVersion": .string(version), "kubeProxyVersion": .string(version),
                "osImage": .string(machine.operatingSystem), "kernelVersion": .string(machine.kernel),
                "containerRuntimeVersion": "lab://1", "operatingSystem": "linux",
                "architecture": .string(machine.architecture), "machineID": "", "systemUUID": "", "bootID": "",
            ],
        ]
    }

    private static func conditions(now: Timestamp) -> [JSONValue] {
        let states: [(type: String, status: String, reason: String, message: String)] = [
            ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
        ]
        return states.map {
            [
                "type": .string($0.type), "status": .string($0.status), "reason": .string($0.reason),
                "message": .string($0.message), "lastTransitionTime": .string(now.description),
                "lastHeartbeatTime": .string(now.description),
            ]
        }
    }
}

/// What this host is, as nodes tell of it.
struct Machine: Sendable {
    let architecture: String
    let kernel: String
    let operatingSystem: String
    let processors: Int
    let memoryKiB: Int

    static let current = Machine()

    private init() {
        var names = utsname()
        uname(&names)
        let machine = Self.text(&names.machine)
        architecture = ["x86_64": "amd64", "aarch64": "arm64"][machine] ?? machine
        kernel = Self.text(&names.release)
        processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        memoryKiB = sysconf(Int32(_SC_PHYS_PAGES)) * (sysconf(Int32(_SC_PAGESIZE)) / 1024)
        let release = (try? StateFile.read("/etc/os-release")).flatMap { $0 }.map {
            String(decoding: $0, as: UTF8.self)
        }
        let line = release?.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        operatingSystem = line.map { $0.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" } } ?? "Linux"
    }

    private static func text<Characters>(_ characters: inout Characters) -> String {
        withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
