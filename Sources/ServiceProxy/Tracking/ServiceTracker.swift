internal import Addressing
public import KubernetesModel

/// Follows Services and their EndpointSlices, and says which ports have which endpoints.
///
/// Changes are noted, and `takeChanges()` works them out, at a cost that depends on the Services they are about and
/// not on the size of the cluster.
public struct ServiceTracker: Sendable {
    struct TrackedService: Sendable {
        var created = Int64.max
        /// The ports as the Service alone has them.
        var wanted: [ServicePort] = []
        /// What the ports ask for.
        var claims: [(AddressClaim, AddressClaims.Claimant)] = []
        /// Those that count, in the order in which they came.
        var slices: [TrackedSlice] = []
        /// The ports with their endpoints and the addresses that they have got.
        var ports: [ServicePort] = []
        var serviceProblems: [ProxyProblem.Reason] = []
        var sliceProblems: [ProxyProblem.Reason] = []
        var problems: [ProxyProblem.Reason] = []
    }

    private struct SliceName: Hashable {
        let namespace: String
        let name: String
    }

    let settings: ProxySettings
    var services: [ServiceName: TrackedService] = [:]
    var claims = AddressClaims()
    private var serviceOfSlice: [SliceName: ServiceName] = [:]
    /// The Services that came, changed or (nil) went.
    var pendingServices: [ServiceName: Service?] = [:]
    /// The Services whose slices changed.
    var pendingSlices: Set<ServiceName> = []

    /// Begins without any object.
    public init(_ settings: ProxySettings) {
        self.settings = settings
    }

    /// Notes a Service that came or changed.
    public mutating func update(_ service: Service) {
        pendingServices[ServiceName(service)] = .some(service)
    }

    /// Notes that a Service went; one that was never there is no error.
    public mutating func removeService(_ name: ServiceName) {
        pendingServices[name] = .some(nil)
    }

    /// Notes an EndpointSlice that came or changed. It belongs to the Service that its label names, and to none without it.
    public mutating func update(_ slice: EndpointSlice) {
        let name = SliceName(namespace: slice.namespace, name: slice.name)
        let tracked = TrackedSlice(slice)
        let service =
            tracked == nil ? nil : slice.serviceName.map { ServiceName(namespace: slice.namespace, name: $0) }
        let before = serviceOfSlice[name]
        if let before, before != service { removeSlice(slice.name, of: before) }
        if before != service { serviceOfSlice[name] = service }
        guard let service, let tracked else { return }
        if services[service, default: TrackedService()].replace(tracked) { pendingSlices.insert(service) }
    }

    /// Notes that an EndpointSlice went; one that was never there is no error.
    public mutating func removeEndpointSlice(namespace: String, name: String) {
        guard let service = serviceOfSlice.removeValue(forKey: SliceName(namespace: namespace, name: name)) else {
            return
        }
        removeSlice(name, of: service)
    }

    private mutating func removeSlice(_ name: String, of service: ServiceName) {
        services[service]?.slices.removeAll { $0.name == name }
        pendingSlices.insert(service)
    }

    /// Notes all objects that there are, such as after a list: what is missing has gone.
    public mutating func replaceAll(services: [Service], endpointSlices: [EndpointSlice]) {
        if !self.services.isEmpty || !serviceOfSlice.isEmpty || hasPendingChanges {
            removeAll(besides: services, endpointSlices)
        }
        self.services.reserveCapacity(services.count)
        pendingServices.reserveCapacity(services.count)
        serviceOfSlice.reserveCapacity(endpointSlices.count)
        pendingSlices.reserveCapacity(services.count)
        for service in services { update(service) }
        for slice in endpointSlices { update(slice) }
    }

    private mutating func removeAll(besides services: [Service], _ endpointSlices: [EndpointSlice]) {
        let names = Set(services.map { ServiceName($0) })
        for name in self.services.keys where !names.contains(name) { removeService(name) }
        for name in pendingServices.keys where !names.contains(name) { removeService(name) }
        let sliceNames = Set(endpointSlices.map { SliceName(namespace: $0.namespace, name: $0.name) })
        for name in serviceOfSlice.keys where !sliceNames.contains(name) {
            removeEndpointSlice(namespace: name.namespace, name: name.name)
        }
    }

    /// Whether anything was noted that is not worked out yet.
    public var hasPendingChanges: Bool { !pendingServices.isEmpty || !pendingSlices.isEmpty }

    /// The ports of a Service with their endpoints, one for each family; none where it is no proxy's business.
    public func ports(of service: ServiceName) -> [ServicePort] { services[service]?.ports ?? [] }

    /// What is wrong with a Service.
    public func problems(of service: ServiceName) -> [ProxyProblem] {
        (services[service]?.problems ?? []).map { ProxyProblem(service: service, reason: $0) }
    }

    /// All that is wrong, in the order of Services.
    public var problems: [ProxyProblem] {
        services.filter { !$0.value.problems.isEmpty }.keys.sorted().flatMap { problems(of: $0) }
    }

    /// How many Services have addresses that are served.
    public var servedCount: Int { services.values.count { !$0.ports.isEmpty } }
}
