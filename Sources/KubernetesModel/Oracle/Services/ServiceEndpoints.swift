import Addressing

/// The endpoints of one port of a Service in one family, as one node sees them.
///
/// What an EndpointSlice says is taken literally: `ready` already tells of publishNotReadyAddresses, and topology and
/// trafficDistribution are in the hints.
struct ServiceEndpoints {
    /// An endpoint, whatever the number of slices that name it.
    struct Endpoint {
        let address: IPAddress
        let port: UInt16
        let pod: PodReference?
        let node: String?
        let zoneHints: [String]
        let nodeHints: [String]
        var isReady: Bool
        var isTerminatingButServing: Bool
    }

    /// All of them, usable or not, by address.
    let all: [Endpoint]
    /// The node that asks.
    let node: String
    /// Its zone, or nil.
    let zone: String?

    /// Those that new flows could use anywhere: ready ones, and where none is ready those that end but still serve
    /// (KEP-1669).
    var usableAnywhere: [Endpoint] { Self.usable(all) }

    /// Those for traffic policy Cluster: of the ready ones those that hints mean for this node, all where hints do not
    /// help; without a ready one those that end but still serve.
    var forCluster: [Endpoint] {
        let ready = all.filter(\.isReady)
        return ready.isEmpty ? usableAnywhere : hinted(ready)
    }

    /// Those for traffic policy Local: the same fallback, among this node's own only. Hints do not matter.
    var forLocal: [Endpoint] { Self.usable(all.filter { $0.node == node }) }

    private static func usable(_ endpoints: [Endpoint]) -> [Endpoint] {
        let ready = endpoints.filter(\.isReady)
        return ready.isEmpty ? endpoints.filter(\.isTerminatingButServing) : ready
    }

    /// Hints count only where every ready endpoint has them and one of them is for this node, or else for its zone
    /// (KEP-2433, KEP-3015).
    private func hinted(_ ready: [Endpoint]) -> [Endpoint] {
        if ready.allSatisfy({ !$0.nodeHints.isEmpty }) {
            let forNode = ready.filter { $0.nodeHints.contains(node) }
            if !forNode.isEmpty { return forNode }
        }
        if let zone, ready.allSatisfy({ !$0.zoneHints.isEmpty }) {
            let forZone = ready.filter { $0.zoneHints.contains(zone) }
            if !forZone.isEmpty { return forZone }
        }
        return ready
    }
}

extension ClusterSnapshot {
    /// The endpoints of a Service's port, as a node sees them.
    func endpoints(
        of service: Service, _ port: Service.Port, _ family: AddressFamily, seenFrom node: String
    ) -> ServiceEndpoints {
        var found: [ServiceEndpoints.Endpoint] = []
        for slice in slices(of: service, family) {
            for slicePort in slice.ports where slicePort.name == port.name && slicePort.transport == port.transport {
                guard let number = slicePort.number else { continue }
                for endpoint in slice.endpoints {
                    guard let next = ServiceEndpoints.Endpoint(endpoint, port: number, family) else { continue }
                    found.merge(next)
                }
            }
        }
        return ServiceEndpoints(
            all: found.sorted { ($0.address, $0.port) < ($1.address, $1.port) }, node: node,
            zone: self.node(node)?.zone)
    }

    /// A Service's slices of a family. Slices of names (FQDN) have no family, and proxies leave those alone that carry
    /// the labels which take a Service from them.
    private func slices(of service: Service, _ family: AddressFamily) -> [EndpointSlice] {
        endpointSlices.filter { slice in
            slice.namespace == service.namespace && slice.serviceName == service.name && slice.family == family
                && slice.labels["service.kubernetes.io/service-proxy-name"] == nil
                && slice.labels["service.kubernetes.io/headless"] == nil
        }
    }
}

extension ServiceEndpoints.Endpoint {
    /// An endpoint of a slice, or nil where its address is of another family than the slice's.
    fileprivate init?(_ endpoint: EndpointSlice.Endpoint, port: UInt16, _ family: AddressFamily) {
        guard let address = endpoint.address, address.family == family else { return nil }
        self.address = address
        self.port = port
        pod = endpoint.target.flatMap {
            $0.kind == "Pod" ? PodReference(namespace: $0.namespace, name: $0.name) : nil
        }
        node = endpoint.nodeName
        zoneHints = endpoint.zoneHints
        nodeHints = endpoint.nodeHints
        isReady = endpoint.isReady
        isTerminatingButServing = !endpoint.isReady && endpoint.isServing && endpoint.isTerminating
    }
}

extension [ServiceEndpoints.Endpoint] {
    /// Adds an endpoint once: while it moves from one slice to another both name it, and it is as usable as the better
    /// of the two says.
    fileprivate mutating func merge(_ next: Element) {
        guard let known = firstIndex(where: { $0.address == next.address && $0.port == next.port }) else {
            append(next)
            return
        }
        self[known].isReady = self[known].isReady || next.isReady
        self[known].isTerminatingButServing = self[known].isTerminatingButServing || next.isTerminatingButServing
    }
}
