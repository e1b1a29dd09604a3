import Addressing
import KubernetesModel

/// What one Service holds of addresses and ports of the cluster.
struct HeldResources: Equatable {
    var addresses: Set<IPAddress> = []
    var ports: Set<UInt16> = []

    init() {}

    /// What follows from a Service's spec. Ports are held whatever their protocol.
    init(of service: APIObject) {
        let spec = ServiceSpec(service)
        if spec.needsClusterIP { addresses = Set(spec.clusterIPs.compactMap { IPAddress(ofAPI: $0) }) }
        if spec.needsNodePorts { ports = Set(spec.ports.map(\.nodePort).filter { $0 != 0 }) }
        if spec.needsHealthCheckNodePort, spec.healthCheckNodePort != 0 { ports.insert(spec.healthCheckNodePort) }
    }
}

/// What all stored Services hold.
struct Reservations: Equatable {
    var held = HeldResources()

    init(of store: ObjectStore) {
        for service in store.objects(ObjectSelection(.services)).objects {
            let resources = HeldResources(of: service.object)
            held.addresses.formUnion(resources.addresses)
            held.ports.formUnion(resources.ports)
        }
    }
}

/// What Services hold with changes that are not stored yet.
struct PendingReservations {
    private let stored: Reservations
    private var taken = HeldResources()
    private var released = HeldResources()
    private var avoided = HeldResources()

    init(stored: Reservations) { self.stored = stored }

    /// Whether nobody holds an address.
    func isFree(_ address: IPAddress) -> Bool {
        !taken.addresses.contains(address)
            && (!stored.held.addresses.contains(address) || released.addresses.contains(address))
    }

    /// Whether nobody holds a port.
    func isFree(_ port: UInt16) -> Bool {
        !taken.ports.contains(port) && (!stored.held.ports.contains(port) || released.ports.contains(port))
    }

    /// Whether a free address is not asked for by somebody else.
    func isUnclaimed(_ address: IPAddress) -> Bool { isFree(address) && !avoided.addresses.contains(address) }

    /// Whether a free port is not asked for by somebody else.
    func isUnclaimed(_ port: UInt16) -> Bool { isFree(port) && !avoided.ports.contains(port) }

    /// Does not give these to those who take any.
    mutating func avoid(_ held: HeldResources) {
        avoided.addresses.formUnion(held.addresses)
        avoided.ports.formUnion(held.ports)
    }

    /// Follows a Service's change.
    mutating func change(from old: APIObject?, to new: APIObject?) {
        let before = old.map { HeldResources(of: $0) } ?? HeldResources()
        let after = new.map { HeldResources(of: $0) } ?? HeldResources()
        for address in before.addresses.subtracting(after.addresses) {
            if taken.addresses.remove(address) == nil { released.addresses.insert(address) }
        }
        for address in after.addresses.subtracting(before.addresses) {
            if released.addresses.remove(address) == nil { taken.addresses.insert(address) }
        }
        for port in before.ports.subtracting(after.ports) {
            if taken.ports.remove(port) == nil { released.ports.insert(port) }
        }
        for port in after.ports.subtracting(before.ports) {
            if released.ports.remove(port) == nil { taken.ports.insert(port) }
        }
    }

    /// Takes the changes over once they are stored.
    func apply(to reservations: inout Reservations) {
        reservations.held.addresses.subtract(released.addresses)
        reservations.held.addresses.formUnion(taken.addresses)
        reservations.held.ports.subtract(released.ports)
        reservations.held.ports.formUnion(taken.ports)
    }
}
