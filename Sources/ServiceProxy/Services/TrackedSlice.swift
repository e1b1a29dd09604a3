internal import Addressing
internal import KubernetesModel

/// What of an EndpointSlice matters to proxies.
///
/// It counts for the ports of its Service whose name and protocol it has, with the number that it gives them: a named
/// targetPort may be another number in each pod.
struct TrackedSlice: Hashable, Sendable {
    let name: String
    let family: AddressFamily
    let ports: [EndpointSlice.Port]
    /// The endpoints in their order, each address once; their ports are not known here.
    let endpoints: [ServiceEndpoint]
    /// What it says that cannot be.
    let problems: [ProxyProblem.Reason]

    /// Reads a slice; nil where it is none of a proxy's: endpoints are names (FQDN), or a label keeps proxies away.
    init?(_ slice: EndpointSlice) {
        guard let family = slice.family, !ProxyLabels.keepAway(slice.labels) else { return nil }
        name = slice.name
        self.family = family
        ports = slice.ports
        var endpoints: [ServiceEndpoint] = []
        endpoints.reserveCapacity(slice.endpoints.count)
        var problems: [ProxyProblem.Reason] = []
        for endpoint in slice.endpoints {
            if let address = endpoint.address, address.family == family {
                endpoints.append(ServiceEndpoint(endpoint, address))
            } else {
                problems.append(.endpointAddress(endpoint.addresses.first ?? "nothing", slice: slice.name))
            }
        }
        self.endpoints = endpoints.distinct
        self.problems = problems
    }
}

extension [TrackedSlice] {
    /// The endpoints of a port of a family, each address and port once.
    func endpoints(of name: ServicePortName, _ family: AddressFamily) -> [ServiceEndpoint] {
        var all: [ServiceEndpoint] = []
        for slice in self where slice.family == family {
            let port = slice.ports.first { $0.name == name.port && $0.transport == name.transport }
            guard let number = port?.number else { continue }
            var endpoints = slice.endpoints
            for index in endpoints.indices { endpoints[index].port = number }
            all = all.isEmpty ? endpoints : all + endpoints
        }
        return count > 1 ? all.distinct : all
    }

    /// What the slices say that cannot be.
    var problems: [ProxyProblem.Reason] {
        count == 1 ? self[0].problems : sorted { $0.name < $1.name }.flatMap(\.problems)
    }
}

extension [ServiceEndpoint] {
    /// The endpoints in their order, each address and port once.
    fileprivate var distinct: [ServiceEndpoint] {
        let isOrdered = indices.dropFirst().allSatisfy { self[$0 - 1].address < self[$0].address }
        if isOrdered { return self }
        var distinct: [ServiceEndpoint] = []
        distinct.reserveCapacity(count)
        for endpoint in sorted(by: ServiceEndpoint.precedes) where endpoint.target != distinct.last?.target {
            distinct.append(endpoint)
        }
        return distinct
    }
}

extension ServiceEndpoint {
    fileprivate init(_ endpoint: EndpointSlice.Endpoint, _ address: IPAddress) {
        self.init(
            address: address, port: 0, isReady: endpoint.isReady, isServing: endpoint.isServing,
            isTerminating: endpoint.isTerminating, node: endpoint.nodeName, zoneHints: endpoint.zoneHints,
            nodeHints: endpoint.nodeHints,
            pod: endpoint.target.flatMap { $0.kind == "Pod" ? Pod(namespace: $0.namespace, name: $0.name) : nil })
    }

    /// By address and port. Of two that are one (a pod that moves between slices is in both for a while) the one that
    /// can do more comes first, whatever the order of the slices.
    fileprivate static func precedes(_ left: ServiceEndpoint, _ right: ServiceEndpoint) -> Bool {
        if left.address != right.address { return left.address < right.address }
        if left.port != right.port { return left.port < right.port }
        return Preference(left) < Preference(right)
    }

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
            pod = endpoint.pod?.description ?? "~"
        }

        static func < (left: Preference, right: Preference) -> Bool {
            if left.use != right.use { return left.use < right.use }
            return (left.node, left.hints, left.pod) < (right.node, right.hints, right.pod)
        }
    }
}
