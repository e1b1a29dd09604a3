internal import Addressing
internal import KubernetesModel

/// The endpoints of a Service's ports, gathered from all of its EndpointSlices.
///
/// A slice counts for the ports whose name and protocol it has, with the number that it gives them: a named targetPort may
/// be another number in each pod. Slices of names (FQDN), and those that labels keep away, are left out.
struct EndpointMerge {
    /// What slices say that cannot be.
    private(set) var problems: [ProxyProblem.Reason] = []
    private let slices: [(slice: EndpointSlice, addresses: [IPAddress?])]

    /// Takes the slices of one Service, in whatever order.
    init(_ slices: some Collection<EndpointSlice>) {
        self.slices = slices.filter { $0.family != nil && !ProxyLabels.keepAway($0.labels) }
            .map { ($0, $0.endpoints.map(\.address)) }
        for (slice, addresses) in self.slices {
            for (endpoint, address) in zip(slice.endpoints, addresses) where address?.family != slice.family {
                problems.append(.endpointAddress(endpoint.addresses.first ?? "nothing", slice: slice.name))
            }
        }
        if problems.count > 1 { problems.sort { $0.description < $1.description } }
    }

    /// The endpoints of a port of a family, each address and port once.
    func endpoints(of name: ServicePortName, _ family: AddressFamily) -> [ServiceEndpoint] {
        var endpoints: [ServiceEndpoint] = []
        for (slice, addresses) in slices where slice.family == family {
            let port = slice.ports.first { $0.name == name.port && $0.transport == name.transport }
            guard let number = port?.number else { continue }
            for (endpoint, address) in zip(slice.endpoints, addresses) {
                guard let address, address.family == family else { continue }
                endpoints.append(ServiceEndpoint(endpoint, address, number))
            }
        }
        guard endpoints.count > 1 else { return endpoints }
        endpoints.sort(by: ServiceEndpoint.precedes)
        var distinct: [ServiceEndpoint] = []
        distinct.reserveCapacity(endpoints.count)
        for endpoint in endpoints where endpoint.target != distinct.last?.target { distinct.append(endpoint) }
        return distinct
    }
}

extension ServiceEndpoint {
    fileprivate init(_ endpoint: EndpointSlice.Endpoint, _ address: IPAddress, _ port: UInt16) {
        self.init(
            address: address, port: port, isReady: endpoint.isReady, isServing: endpoint.isServing,
            isTerminating: endpoint.isTerminating, node: endpoint.nodeName, zoneHints: endpoint.zoneHints,
            nodeHints: endpoint.nodeHints,
            pod: endpoint.target.flatMap { $0.kind == "Pod" ? "\($0.namespace)/\($0.name)" : nil })
    }

    /// By address and port. Of two that are one (a pod that moves between slices is in both for a while) the one that
    /// can do more comes first, whatever the order of the slices.
    fileprivate static func precedes(_ left: ServiceEndpoint, _ right: ServiceEndpoint) -> Bool {
        if left.address != right.address { return left.address < right.address }
        if left.port != right.port { return left.port < right.port }
        return left.preference < right.preference
    }

    private var preference: Preference { Preference(self) }

    private struct Preference: Comparable {
        let use: Int
        let node: String
        let hints: String
        let pod: String

        init(_ endpoint: ServiceEndpoint) {
            use = endpoint.isReady ? 0 : endpoint.isFallback ? 1 : endpoint.isServing ? 2 : 3
            // An empty text would come first.
            node = endpoint.node ?? "~"
            hints = "\(endpoint.zoneHints)\(endpoint.nodeHints)\(endpoint.isTerminating)"
            pod = endpoint.pod ?? "~"
        }

        static func < (left: Preference, right: Preference) -> Bool {
            if left.use != right.use { return left.use < right.use }
            return (left.node, left.hints, left.pod) < (right.node, right.hints, right.pod)
        }
    }
}
