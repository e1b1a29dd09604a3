internal import Addressing
internal import Glibc
internal import Netlink
internal import NetworkNamespaces
internal import Topology

/// One namespace while it is being changed: its netlink socket, the indexes of its interfaces, and the requests that
/// wait to be sent together.
///
/// Only for the namespace thread.
final class NamespaceSession {
    let name: String
    let namespace: OpenNamespace
    let socket: NetlinkSocket
    private let handle: RouteHandle
    private var indexes: [String: Int32]
    /// The highest index so far.
    private var lastIndex: Int32 = 1
    /// Whether the indexes of new interfaces can be foretold: the kernel counts upwards in a namespace that has only
    /// its loopback.
    private let isPredictable: Bool
    private var pending: [NetlinkRequest] = []
    /// The operation of each of them.
    private var origins: [Operation] = []

    /// Opens a session in the calling thread's namespace.
    init(name: String, namespace: OpenNamespace, isNew: Bool) throws {
        self.name = name
        self.namespace = namespace
        socket = try NetlinkSocket.route()
        handle = RouteHandle(socket)
        indexes = ["lo": 1]
        isPredictable = isNew
    }

    /// Queues a netlink operation.
    func add(_ operation: Operation, peer: OpenNamespace? = nil) throws {
        if case .replaceNeighbor(_, let plan) = operation {
            // Nearly all requests of a large lab.
            pending.append(.replace(try neighbor(plan)))
            origins.append(operation)
            return
        }
        for request in try requests(for: operation, peer: peer) {
            pending.append(request)
            origins.append(operation)
        }
    }

    /// Removes a link. One that is gone already went with its peer's namespace, which the kernel takes apart at leisure.
    func remove(_ operation: Operation) throws {
        try flush()
        for request in try requests(for: operation, peer: nil) {
            do {
                try handle.perform(request)
            } catch {
                guard case .refused(ENODEV) = error.code else { throw error }
            }
        }
    }

    /// Sends what is queued.
    func flush() throws {
        guard !pending.isEmpty else { return }
        defer {
            pending.removeAll(keepingCapacity: true)
            origins.removeAll(keepingCapacity: true)
        }
        do {
            try handle.perform(pending)
        } catch {
            throw BuildError(origins[error.index ?? 0], error)
        }
    }

    /// Records that an interface has appeared.
    func didAdd(link: String) {
        lastIndex += 1
        indexes[link] = isPredictable ? lastIndex : nil
    }

    /// These interfaces as they are now, with their carriers noticed.
    func links(named names: [String]) throws -> [Link] {
        try handle.links(named: names)
    }

    /// Takes an interface down and up again.
    func restart(link: String) throws {
        try handle.perform([.setLink(link, up: false), .setLink(link, up: true)])
    }

    /// The index of an interface.
    func index(of link: String) throws -> Int32 {
        if let index = indexes[link] { return index }
        try flush()
        for link in try handle.links() {
            indexes[link.name] = link.index
            lastIndex = max(lastIndex, link.index)
        }
        guard let index = indexes[link] else {
            throw BuildError(
                attempt: "find the interface \(link) in \(name)", reason: "there is none",
                remedy: "lab down and lab up start afresh")
        }
        return index
    }

    private func requests(for operation: Operation, peer: OpenNamespace?) throws -> [NetlinkRequest] {
        switch operation {
        case .addBridge(_, let plan):
            return [.addBridge(name: plan.name, address: plan.station, mtu: plan.mtu)]
        case .addVXLAN(_, let plan):
            return [.addVXLAN(name: plan.name, address: plan.station, mtu: plan.mtu, settings: plan.settings)]
        case .addUplink(_, let plan):
            guard let peer else { return [] }
            return [
                .addVeth(
                    near: VethEnd(name: plan.port, address: plan.portStation, mtu: plan.mtu),
                    master: try index(of: plan.bridge),
                    far: VethEnd(name: plan.interface, address: plan.station, mtu: plan.mtu),
                    namespace: peer.descriptor),
                .addAlternativeName(plan.alternativeName, to: plan.port),
            ]
        case .removeLink(_, let link): return [.deleteLink(link)]
        case .setUp(_, "lo"): return [.setLink("lo", up: true)]
        // The question has the kernel notice the carrier now.
        case .setUp(_, let link): return [.setLink(link, up: true), .getLink(link)]
        case .setMaster(_, let link, let bridge): return [.setLink(link, master: try index(of: bridge))]
        case .addAddress(_, let plan): return [.add(try address(plan))]
        case .removeAddress(_, let plan): return [.delete(try address(plan))]
        case .replaceRoute(_, let plan): return [.replace(try route(plan))]
        case .removeRoute(_, let plan): return [.delete(try route(plan))]
        case .replaceNeighbor(_, let plan): return [.replace(try neighbor(plan))]
        case .removeNeighbor(_, let plan): return [.delete(try neighbor(plan))]
        case .replaceForwarding(_, let plan): return [.replace(try entry(plan))]
        case .removeForwarding(_, let plan): return [.delete(try entry(plan))]
        case .createNamespace, .shareNamespace, .removeNamespace, .writeSysctl, .disableChecksumOffload,
            .replaceHostPorts:
            return []
        }
    }

    private func address(_ plan: AddressPlan) throws -> Address {
        Address(link: try index(of: plan.link), address: plan.address)
    }

    private func route(_ plan: RoutePlan) throws -> Route {
        Route(
            plan.destination,
            via: [Route.NextHop(gateway: plan.gateway, link: try index(of: plan.link), isOnLink: plan.isOnLink)])
    }

    private func neighbor(_ plan: NeighborPlan) throws -> Neighbor {
        Neighbor(link: try index(of: plan.link), address: plan.address, linkLayerAddress: plan.station)
    }

    private func entry(_ plan: ForwardingPlan) throws -> ForwardingEntry {
        ForwardingEntry(link: try index(of: plan.link), station: plan.station, remote: plan.remote)
    }
}
