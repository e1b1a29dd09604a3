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

    var family: AddressFamily { fields.family }
    var hasChains: Bool { true }

    init(_ family: AddressFamily, _ settings: ProxySettings) {
        fields = PacketFields(family, settings)
        masqueradesAll = settings.masqueradesAll
        rejectsUnknownPorts = settings.rejectsUnknownPorts
    }

    func comment(on element: SharedElement, of port: NodeServicePort) -> String? { port.port.serviceComment }

    func pieces(of port: NodeServicePort) -> RulesetPieces {
        let name = ChainName(port.port.name)
        var pieces = RulesetPieces()
        addElements(of: port, name, to: &pieces)
        let endpoints = port.usedEndpoints.map { (endpoint: $0, name: ChainName(port.port.name, $0.target)) }
        addEndpoints(endpoints, of: port, to: &pieces)
        addPolicies(of: port, name, endpoints, to: &pieces)
        if port.choice.hasAny, port.port.isExternallyAccessible {
            pieces.chains.append(externalChain(of: port, name))
        }
        if let sources = port.allowedSources {
            pieces.chains.append(firewallChain(name, sources))
        }
        return pieces
    }
}
