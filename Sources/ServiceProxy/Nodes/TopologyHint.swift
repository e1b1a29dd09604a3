/// Whom the hints of endpoints keep a node's traffic to (discovery/v1 EndpointHints; Service trafficDistribution).
enum TopologyHint: Hashable, Sendable {
    /// Endpoints with a hint for this node.
    case node(String)
    /// Endpoints with a hint for this zone.
    case zone(String)

    /// Reads the hints of a port's ready endpoints. They count only where every one has some, and some endpoint's are for
    /// the node: for the node itself first, else for its zone; nil where neither do.
    init?(for node: ProxyNode, among ready: [ServiceEndpoint]) {
        guard let first = ready.first, !first.nodeHints.isEmpty || !first.zoneHints.isEmpty else { return nil }
        if Self.node(node.name).isHeeded(by: ready) {
            self = .node(node.name)
        } else if let zone = node.zone, Self.zone(zone).isHeeded(by: ready) {
            self = .zone(zone)
        } else {
            return nil
        }
    }

    private func isHeeded(by ready: [ServiceEndpoint]) -> Bool {
        ready.allSatisfy { !hints(of: $0).isEmpty } && ready.contains { includes($0) }
    }

    private func hints(of endpoint: ServiceEndpoint) -> [String] {
        switch self {
        case .node: endpoint.nodeHints
        case .zone: endpoint.zoneHints
        }
    }

    /// Whether an endpoint is meant for the node.
    func includes(_ endpoint: ServiceEndpoint) -> Bool {
        switch self {
        case .node(let name): endpoint.nodeHints.contains(name)
        case .zone(let name): endpoint.zoneHints.contains(name)
        }
    }
}
