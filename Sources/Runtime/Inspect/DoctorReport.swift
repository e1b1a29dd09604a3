internal import Addressing
internal import Glibc
internal import Netlink
internal import NetworkNamespaces
internal import Nftables

/// What this host can and cannot do.
public struct DoctorReport: Hashable, Sendable, Encodable {
    /// How a check went.
    public enum Result: String, Hashable, Sendable, Encodable {
        case yes
        case no
        /// Could not be tried without root.
        case unknown
    }

    /// One thing that was tried.
    public struct Check: Hashable, Sendable, Encodable {
        /// What was tried.
        public let name: String
        /// How it went.
        public let result: Result
        /// What it is needed for.
        public let purpose: String
        /// What the user can do where it is missing.
        public let remedy: String
        /// Whether no lab can be built without it.
        public let isRequired: Bool
    }

    /// The checks, required ones first.
    public let checks: [Check]

    /// Whether every required check went well.
    public var canBuildLabs: Bool { checks.allSatisfy { !$0.isRequired || $0.result == .yes } }

    /// Tries everything.
    public static func make() async throws -> DoctorReport {
        let isRoot = Capabilities.current.isSuperset(of: .needed)
        var checks = [
            Check(
                name: "root", result: isRoot ? .yes : .no, purpose: "everything", remedy: "run lab with sudo",
                isRequired: true)
        ]
        let thread = try NamespaceThread.start()
        defer { thread.stop() }
        checks += await KernelProbe(thread: thread).run(isRoot: isRoot)
        checks += programs
        return DoctorReport(checks: checks)
    }

    private static var programs: [Check] {
        let programs = [
            ("ip", "iproute2", "looking into namespaces by hand"),
            ("nft", "nftables", "reading rulesets by hand, and the tests"),
            ("tshark", "tshark", "reading the evidence of the suite"),
            ("nginx", "nginx-light", "a real nginx in pods with that image"),
            ("redis-server", "redis-server", "a real redis in pods with that image"),
        ]
        return programs.map { program, package, purpose in
            Check(
                name: program, result: Image.installed(program) == nil ? .no : .yes, purpose: purpose,
                remedy: "apt-get install \(package)", isRequired: false)
        }
    }
}

/// Tries features of the kernel in namespaces that end with the try.
private actor KernelProbe {
    private let thread: NamespaceThread

    init(thread: NamespaceThread) {
        self.thread = thread
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    func run(isRoot: Bool) -> [DoctorReport.Check] {
        let station = MACAddress(rawValue: 0x0a58_0000_0001)
        let module = "load the kernel's module"
        return [
            check("network namespaces", "every node, pod and host", "use a kernel with CONFIG_NET_NS", true, isRoot) {},
            check("veth", "the links of pods", "\(module) veth", true, isRoot) {
                let here = try OpenNamespace(path: "/proc/thread-self/ns/net")
                try RouteHandle().perform(
                    .addVeth(near: VethEnd(name: "a"), master: nil, far: VethEnd(name: "b"), namespace: here.descriptor)
                )
            },
            check("bridge", "cni0 and the underlay", "\(module) bridge", true, isRoot) {
                try RouteHandle().perform(.addBridge(name: "a", address: station, mtu: 1500))
            },
            check("vxlan", "the pod network vxlan; host-gw works without", "\(module) vxlan", false, isRoot) {
                let settings = VXLANSettings(identifier: 1, local: .loopback(.ipv4), port: 8472)
                try RouteHandle().perform(.addVXLAN(name: "a", address: station, mtu: 1450, settings: settings))
            },
            check("IPv6", "IPv6 and dual-stack labs", "boot without ipv6.disable=1", false, isRoot) {
                close(try Socket.listen(.tcp, .unspecified(.ipv6), port: 1))
            },
            check("nftables", "hostPorts, Services and policies", "\(module) nf_tables", false, isRoot) {
                _ = try NftablesHandle().tables()
            },
            check("br_netfilter", "hostPorts from a pod of the same node", "\(module) br_netfilter", false, isRoot) {
                try Sysctl.write("net/bridge/bridge-nf-call-iptables", "1")
            },
            check("packet capture", "the evidence of the suite", "use a kernel with CONFIG_PACKET", false, isRoot) {
                close(try Socket.openPacket())
            },
            check("SCTP sockets", "SCTP servers; the suite judges SCTP by its packets", "\(module) sctp", false, isRoot)
            {
                close(try Socket.openSCTP())
            },
        ]
    }

    private func check(
        _ name: String, _ purpose: String, _ remedy: String, _ isRequired: Bool, _ isRoot: Bool,
        _ body: () throws -> Void
    ) -> DoctorReport.Check {
        var result = DoctorReport.Result.unknown
        if isRoot {
            do {
                try thread.insideNew(body)
                result = .yes
            } catch {
                result = .no
            }
        }
        return DoctorReport.Check(name: name, result: result, purpose: purpose, remedy: remedy, isRequired: isRequired)
    }
}
