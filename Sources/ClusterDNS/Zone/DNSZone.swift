internal import Addressing
internal import DNSMessage
public import KubernetesModel

/// The names of a cluster: objects of the API come in, changes of answers go out.
///
/// It follows the Kubernetes DNS-based service discovery specification 1.1.0. Nothing is computed before `takeChanges()`,
/// whose cost is that of the Services that were touched, however large the cluster is.
public struct DNSZone: Sendable {
    /// What the zone is told to be.
    public let settings: ClusterDNSSettings

    let names: ZoneNames
    private var services: [ServiceName: ServiceState] = [:]
    /// Which Service a slice belongs to, by the slice's namespace and name.
    private var serviceOfSlice: [ServiceName: ServiceName] = [:]
    private var namespaces: Set<String> = []
    var pods: [ServiceName: [IPAddress]] = [:]

    /// The state of each Service that was touched since the last changes were taken, as it was then.
    private var touched: [ServiceName: ServiceState] = [:]
    /// Changes that are known already.
    var pending: [NameChange] = []
    /// The names that each address leads back to.
    var pointers: [IPAddress: [NameBytes]] = [:]
    /// How many pods have an address, by namespace.
    var podCounts: [PodAddress: Int] = [:]
    private var serial: UInt32

    struct PodAddress: Hashable, Sendable {
        let namespace: String
        let address: IPAddress
    }

    /// A Service with its slices by their names.
    struct ServiceState: Hashable, Sendable {
        var facts: ServiceFacts?
        var slices: [String: SliceFacts] = [:]

        var isEmpty: Bool { facts == nil && slices.isEmpty }
    }

    /// A zone without any object; its first changes are the names that every zone has.
    ///
    /// - Parameter serial: the zone's version to begin with; it grows with every change. Seconds since 1970 keep it growing
    ///   from one run to the next.
    public init(_ settings: ClusterDNSSettings, serial: UInt32 = 1) {
        self.settings = settings
        self.serial = serial
        names = ZoneNames(settings)
        pending = names.fixed
        touched[ServiceName(settings.nameServer)] = ServiceState()
    }

    /// Takes a Service that was added or modified.
    public mutating func update(_ service: Service) {
        let name = ServiceName(namespace: service.namespace, name: service.name)
        change(name) { $0.facts = ServiceFacts(service) }
    }

    /// Takes it that a Service is gone.
    public mutating func removeService(namespace: String, name: String) {
        change(ServiceName(namespace: namespace, name: name)) { $0.facts = nil }
    }

    /// Takes an EndpointSlice that was added or modified.
    public mutating func update(_ slice: EndpointSlice) {
        let key = ServiceName(namespace: slice.namespace, name: slice.name)
        let service = slice.serviceName.map { ServiceName(namespace: slice.namespace, name: $0) }
        if let old = serviceOfSlice[key], old != service { change(old) { $0.slices[slice.name] = nil } }
        serviceOfSlice[key] = service
        guard let service else { return }
        let facts = SliceFacts(slice)
        change(service) { $0.slices[slice.name] = facts }
    }

    /// Takes it that an EndpointSlice is gone.
    public mutating func removeEndpointSlice(namespace: String, name: String) {
        guard let service = serviceOfSlice.removeValue(forKey: ServiceName(namespace: namespace, name: name)) else {
            return
        }
        change(service) { $0.slices[name] = nil }
    }

    /// Takes a namespace: its name exists even without a Service, and it has pod records.
    public mutating func updateNamespace(_ name: String) {
        if namespaces.insert(name).inserted { pending += names.namespace(name, exists: true) }
    }

    /// Takes it that a namespace is gone.
    public mutating func removeNamespace(_ name: String) {
        if namespaces.remove(name) != nil { pending += names.namespace(name, exists: false) }
    }

    /// Takes everything that exists, as after a new listing: what is not among it is gone.
    public mutating func replaceAll(
        services: [Service], endpointSlices: [EndpointSlice], namespaces: [String], pods: [Pod] = []
    ) {
        let kept = Set(services.map { ServiceName(namespace: $0.namespace, name: $0.name) })
        for name in self.services.keys where !kept.contains(name) { change(name) { $0.facts = nil } }
        let slices = Set(endpointSlices.map { ServiceName(namespace: $0.namespace, name: $0.name) })
        for slice in serviceOfSlice.keys where !slices.contains(slice) {
            removeEndpointSlice(namespace: slice.namespace, name: slice.name)
        }
        for name in self.namespaces.subtracting(namespaces) { removeNamespace(name) }
        let podNames = Set(pods.map { ServiceName(namespace: $0.namespace, name: $0.name) })
        for pod in self.pods.keys where !podNames.contains(pod) { removePod(namespace: pod.namespace, name: pod.name) }
        for name in namespaces { updateNamespace(name) }
        for service in services { update(service) }
        for slice in endpointSlices { update(slice) }
        for pod in pods { update(pod) }
    }

    private mutating func change(_ name: ServiceName, _ body: (inout ServiceState) -> Void) {
        if touched[name] == nil { touched[name] = services[name] ?? ServiceState() }
        body(&services[name, default: ServiceState()])
        if services[name]?.isEmpty == true { services[name] = nil }
    }

    /// What has changed since it was last asked for.
    public mutating func takeChanges() -> ZoneChanges {
        var changedAddresses: [IPAddress] = []
        for (name, old) in touched {
            let new = services[name] ?? ServiceState()
            guard new != old || name == ServiceName(settings.nameServer) else { continue }
            publish(name, from: old, to: new, &changedAddresses)
        }
        touched.removeAll(keepingCapacity: true)
        for address in Set(changedAddresses) { pending.append(names.reverse(address, pointers[address] ?? [])) }
        defer { pending = [] }
        if !pending.isEmpty { serial &+= 1 }
        return ZoneChanges(names: pending, serial: serial)
    }
}
