internal import Addressing
internal import KubernetesModel
internal import Nftables

/// The proxy's rules on maps of data.
///
///     prerouting   source-ranges    services -- external --.
///     output                                \              |-- cluster-policy: cluster-endpoints-1, -2, …
///                                            `- internal --'-- local-policy:   local-endpoints-1, -2, …
///     input, forward, output     no-endpoints: refused, no-local-endpoints: dropped
///     postrouting                remember clients; masquerade what is marked, and who reaches itself
///
/// A packet's address, protocol and port are the key of all that is known about it. An endpoint is found with one rule for
/// each number of endpoints that any port has: `dnat ip to ip daddr . meta l4proto . th dport . numgen random mod 3 map
/// @cluster-endpoints-3` finds nothing where the port has another number, and the next rule is tried. So a packet meets as
/// many rules as there are such numbers, and a Service brings elements and no rules.
struct DataMapLayout: RulesetLayout {
    let fields: PacketFields
    let masqueradesAll: Bool
    let rejectsUnknownPorts: Bool

    var family: AddressFamily { fields.family }
    var hasChains: Bool { false }

    init(_ family: AddressFamily, _ settings: ProxySettings) {
        fields = PacketFields(family, settings)
        masqueradesAll = settings.masqueradesAll
        rejectsUnknownPorts = settings.rejectsUnknownPorts
    }

    func comment(on element: SharedElement, of port: NodeServicePort) -> String? {
        guard element.container == .hairpin else { return port.port.serviceComment }
        func endpoint(in endpoints: [ServiceEndpoint]) -> ServiceEndpoint? {
            endpoints.first { $0.address == element.address }
        }
        let endpoint = endpoint(in: port.choice.cluster) ?? endpoint(in: port.choice.local)
        return endpoint?.pod.flatMap { Comment.fitting("\($0)") }
    }
}
