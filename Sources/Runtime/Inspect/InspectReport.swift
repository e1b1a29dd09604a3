internal import Addressing
internal import Netlink
internal import NetworkNamespaces
internal import Topology

/// Everything that a lab has built, and where to find it.
public struct InspectReport: Hashable, Sendable, Encodable {
    /// One network namespace.
    public struct Namespace: Hashable, Sendable, Encodable {
        /// Its name below /run/netns, for `ip netns exec`.
        public let name: String
        /// Whose network it is: underlay, node/node1, host/client, pod/default/pod-a.
        public let owner: String
        /// The kernel's number: `readlink /proc/PID/ns/net`. Nil where the namespace is missing.
        public let inode: UInt64?
        /// The namespace that a hostNetwork pod shares.
        public let sharedWith: String?
        /// Its interfaces, by index.
        public let interfaces: [Interface]
        /// Routes through a gateway, and default routes.
        public let routes: [String]
        /// How many neighbours are programmed.
        public let neighbors: Int
        /// Forwarding entries of its VXLAN device.
        public let forwarding: [String]
        /// The processes in it.
        public let processes: [Int32]
    }

    /// One interface.
    public struct Interface: Hashable, Sendable, Encodable {
        /// Its index.
        public let index: Int32
        /// Its name.
        public let name: String
        /// Its names for people.
        public let alternativeNames: [String]
        /// veth, bridge, vxlan; nil for the loopback.
        public let kind: String?
        /// Its Ethernet address.
        public let station: String?
        /// The largest packet, in bytes.
        public let mtu: Int
        /// Whether it is up.
        public let isUp: Bool
        /// The bridge that it is a port of.
        public let bridge: String?
        /// Whether it leaves transport checksums to hardware, where it can.
        public let checksumOffload: Bool
        /// Its addresses.
        public let addresses: [String]
    }

    /// The lab's name.
    public let lab: String
    /// Its state directory.
    public let directory: String
    /// The supervisor's process and log.
    public let supervisor: Int32?
    /// The supervisor's log.
    public let log: String
    /// The namespaces, in the order in which they are built.
    public let namespaces: [Namespace]

    /// Looks at the kernel.
    ///
    /// - Throws: `BuildError` where the lab was never built.
    public static func make(_ directory: LabDirectory, _ directories: LabDirectories) async throws -> InspectReport {
        let inspection = LabInspection(lab: directory.lab, directories: directories)
        guard let spec = try inspection.spec() else {
            throw BuildError(
                attempt: "inspect \(directory.lab)", reason: "its build was cut short before it began",
                remedy: "lab up finishes it, lab down removes it")
        }
        let states = try await inspection.states(of: spec)
        let identities = states.mapValues { NamespaceIdentity(inode: $0.inode) }
        return InspectReport(
            lab: directory.lab, directory: directory.path, supervisor: LabLock.supervisor(directory),
            log: directory.supervisorLog,
            namespaces: LabPlan(spec).namespaces.map { plan in
                Namespace(
                    plan, states[plan.name], identities[plan.name].map { NamespaceProcesses.find(in: [$0]) } ?? [])
            })
    }
}

extension InspectReport.Namespace {
    fileprivate init(_ plan: NamespacePlan, _ state: NamespaceState?, _ processes: [Int32]) {
        name = plan.name
        owner =
            switch plan.role {
            case .underlay: "underlay"
            case .controlPlane: "control-plane"
            case .node(let name): "node/\(name)"
            case .host(let name): "host/\(name)"
            case .pod(let namespace, let name): "pod/\(namespace)/\(name)"
            }
        inode = state?.inode
        sharedWith = plan.sharedWith
        interfaces =
            (state?.interfaces.values).map(Array.init).map { interfaces in
                interfaces.sorted { $0.link.index < $1.link.index }.map {
                    InspectReport.Interface($0, state?.addresses ?? [])
                }
            } ?? []
        routes = (state?.routes ?? []).map(\.description).sorted()
        neighbors = state?.neighbors.count ?? 0
        forwarding = (state?.forwarding ?? []).map { "\($0.station) via \($0.remote) dev \($0.link)" }.sorted()
        self.processes = processes.sorted()
    }
}

extension InspectReport.Interface {
    fileprivate init(_ interface: NamespaceState.Interface, _ addresses: Set<AddressPlan>) {
        let link = interface.link
        index = link.index
        name = link.name
        alternativeNames = link.alternativeNames
        kind = link.kind
        station = link.address?.description
        mtu = link.mtu
        isUp = link.isUp
        bridge = interface.bridge
        checksumOffload = interface.hasChecksumOffload
        self.addresses = addresses.filter { $0.link == link.name }.map(\.address.description).sorted()
    }
}
