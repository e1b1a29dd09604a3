internal import Addressing
internal import Glibc
internal import Netlink
internal import NetworkNamespaces
internal import Nftables
public import Topology

extension Builder {
    /// What each namespace of the plans holds now. A namespace that does not exist is missing from the answer.
    ///
    /// - Parameter own: the names that are the lab's. One that is not is somebody else's, and missing from the answer too.
    public func observe(_ plans: [LabPlan], named own: Set<String>) throws -> [String: NamespaceState] {
        var states: [String: NamespaceState] = [:]
        for (name, plans) in Dictionary(grouping: plans.flatMap(\.namespaces), by: \.name) where own.contains(name) {
            guard directories.namespaces.exists(name) else { continue }
            // A file without a namespace on it: its creation was cut short.
            guard let namespace = try? directories.namespaces.open(name) else { continue }
            var state = try thread.inside(namespace) { try Self.observe(plans) }
            state.inode = namespace.identity?.inode ?? 0
            states[name] = state
        }
        return states
    }

    /// A link whose peer's namespace has gone may itself go while we look.
    private static func hasChecksumOffload(_ link: Link, _ socket: NetlinkSocket) throws -> Bool {
        do {
            return try socket.transmitChecksumOffload(interface: link.name)
        } catch {
            guard case .refused(ENODEV) = error.code else { throw error }
            return false
        }
    }

    /// What the calling thread's namespace holds.
    private static func observe(_ plans: [NamespacePlan]) throws -> NamespaceState {
        var state = NamespaceState()
        guard plans.contains(where: { $0.sharedWith == nil }) else { return state }
        let socket = try NetlinkSocket.route()
        let handle = RouteHandle(socket)
        let links = try handle.links()
        let names = Dictionary(links.map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
        for link in links {
            state.interfaces[link.name] = NamespaceState.Interface(
                link: link, bridge: link.master.flatMap { names[$0] },
                hasChecksumOffload: link.kind == "veth" ? try hasChecksumOffload(link, socket) : false)
        }
        for address in try handle.addresses() {
            guard let link = names[address.link] else { continue }
            state.addresses.insert(AddressPlan(link: link, address: address.address))
        }
        for route in try handle.routes() {
            guard route.nextHops.count == 1, let hop = route.nextHops.first, let link = names[hop.link],
                hop.gateway != nil || route.destination.prefixLength == 0
            else { continue }
            state.routes.insert(
                RoutePlan(destination: route.destination, gateway: hop.gateway, link: link, isOnLink: hop.isOnLink))
        }
        let indexes = Dictionary(links.map { ($0.name, $0.index) }, uniquingKeysWith: { first, _ in first })
        let places = Set(plans.flatMap(\.neighbors)).compactMap { plan in
            indexes[plan.link].map { (link: $0, address: plan.address) }
        }
        for neighbor in try handle.neighbors(at: places) {
            guard let link = names[neighbor.link] else { continue }
            state.neighbors.insert(
                NeighborPlan(link: link, address: neighbor.address, station: neighbor.linkLayerAddress))
        }
        if plans.contains(where: { $0.vxlan != nil }) {
            for entry in try handle.forwardingEntries() {
                guard let link = names[entry.link] else { continue }
                state.forwarding.insert(ForwardingPlan(link: link, station: entry.station, remote: entry.remote))
            }
        }
        let tree = SysctlTree()
        for setting in Set(plans.flatMap(\.sysctls)) { state.sysctls[setting.name] = tree.read(setting.name) }
        if case .node = plans.first?.role { state.hostPortFamilies = try HostPorts.families() }
        return state
    }
}
