internal import Addressing
internal import KubernetesModel
internal import Nftables

/// The proxy's rules as kube-proxy's nftables mode lays them out.
///
///     prerouting  services --- service-ips -------.-> service-HASH-ns/name/tcp/port --.-> endpoint-HASH-…__10.244.1.5/80
///     output               \                     /       one of them by chance        `-> endpoint-HASH-…__10.244.2.7/80
///                           `- service-nodeports --> external-HASH-… -> service-…, local-…
///
/// A map of verdicts leads from a packet's address, protocol and port to the chain of the Service's port, and that one to the
/// chain of an endpoint, which rewrites the destination. Names of chains, sets and maps are kube-proxy's own.
struct ChainLayout: RulesetLayout {
    let fields: PacketFields
    let masqueradesAll: Bool
    let rejectsUnknownPorts: Bool

    var hasChains: Bool { true }

    init(_ family: AddressFamily, _ settings: ProxySettings) {
        fields = PacketFields(family, settings)
        masqueradesAll = settings.masqueradesAll
        rejectsUnknownPorts = settings.rejectsUnknownPorts
    }

    func comment(on element: SharedElement, of port: NodeServicePort) -> String? {
        Comment.fitting("\(port.port.name.service)")
    }

    func pieces(of port: NodeServicePort) -> RulesetPieces {
        let name = ChainName(port.port.name)
        let comment = Comment.fitting("\(port.port.name)")
        var pieces = RulesetPieces()
        addElements(of: port, name, comment, to: &pieces)
        addEndpoints(of: port, to: &pieces)
        addPolicies(of: port, name, to: &pieces)
        if port.choice.hasAny, port.port.isExternallyAccessible {
            pieces.chains.append(externalChain(of: port, name))
        }
        if let sources = port.allowedSources {
            pieces.chains.append(firewallChain(name, sources))
        }
        return pieces
    }
}

extension NodeServicePort {
    /// Whether any traffic is spread over the endpoints of the policy Cluster.
    var usesClusterEndpoints: Bool {
        !choice.cluster.isEmpty && (port.internalTrafficPolicy == .cluster || port.isExternallyAccessible)
    }

    /// Whether any traffic is spread over the endpoints of the policy Local.
    var usesLocalEndpoints: Bool {
        !choice.local.isEmpty && (port.internalTrafficPolicy == .local || port.isExternalPolicyLocal)
    }

    /// The endpoints that any traffic goes to, each once.
    var usedEndpoints: [ServiceEndpoint] {
        let cluster = usesClusterEndpoints ? choice.cluster : []
        guard usesLocalEndpoints else { return cluster }
        let targets = Set(cluster.map(\.target))
        return cluster + choice.local.filter { !targets.contains($0.target) }
    }
}
