import Addressing
import KubernetesModel

extension PolicyFault {
    /// A policy whose peers are read wrongly.
    func peers(_ policy: APIObject) -> APIObject {
        switch self {
        case .firstPeerOnly: policy.editingPeers { Array($0.prefix(1)) }
        case .lastPeerOnly: policy.editingPeers { Array($0.suffix(1)) }
        case .exceptInAllPeers: policy.editingPeers(Self.sharingExceptions)
        case .orAsAnd: policy.editingPeers(Self.joined)
        default: policy.editingPeers { peers in peers.flatMap { block($0) ?? pods($0, policy.namespace) ?? [$0] } }
        }
    }

    /// What a block is taken for; nil where nothing is wrong with it.
    private func block(_ peer: JSONValue) -> [JSONValue]? {
        guard let fields = peer["ipBlock"], let block = fields["cidr"]?.string.flatMap({ CIDR($0) }) else { return nil }
        let exceptions = fields["except"]?.array ?? []
        func changed(_ field: String, _ value: JSONValue?) -> [JSONValue] {
            [["ipBlock": fields.setting(field, value)]]
        }
        switch self {
        case .exceptIgnored: return changed("except", nil)
        case .firstExceptOnly: return changed("except", .array(Array(exceptions.prefix(1))))
        case .exceptVoidsBlock: return exceptions.isEmpty ? nil : []
        case .exceptAlone: return exceptions.isEmpty ? nil : exceptions.map { ["ipBlock": ["cidr": $0]] }
        case .blockIgnored: return []
        case .blockMeansEveryone: return Self.everyone
        case .blockIsOneAddress: return changed("cidr", .string("\(InterfaceAddress(host: block.network).cidr)"))
        case .blockTooWide:
            return CIDR(containing: block.network, prefixLength: max(block.prefixLength - 1, 0))
                .flatMap { changed("cidr", .string("\($0)")) }
        case .ipv6BlocksIgnored: return block.family == .ipv6 ? [] : nil
        default: return nil
        }
    }

    private static let everyone: [JSONValue] = [["ipBlock": ["cidr": "0.0.0.0/0"]], ["ipBlock": ["cidr": "::/0"]]]

    /// What a peer's pods are taken for; nil where nothing is wrong with them.
    private func pods(_ peer: JSONValue, _ namespace: String) -> [JSONValue]? {
        let (pods, namespaces) = (peer["podSelector"], peer["namespaceSelector"])
        let isEveryNamespace = namespaces.map { LabelSelector($0).isEmpty } ?? false
        switch self {
        case .namespaceSelectorIgnored where namespaces != nil: return [["podSelector": pods ?? [:]]]
        case .emptyNamespaceSelectorIsOwn where isEveryNamespace: return [["podSelector": pods ?? [:]]]
        case .emptyNamespaceSelectorIsEveryone where isEveryNamespace && pods == nil: return [peer] + Self.everyone
        case .podSelectorIgnored where pods != nil: return [peer.setting("podSelector", [:])]
        case .emptyPodPeerIsNobody where pods.map { LabelSelector($0).isEmpty } ?? false: return []
        case .podsOfAllNamespaces where namespaces == nil && pods != nil:
            return [peer.setting("namespaceSelector", [:])]
        case .andAsOr where pods != nil && namespaces != nil:
            return [peer.setting("podSelector", nil), peer.setting("namespaceSelector", nil)]
        default: return nil
        }
    }

    private static func sharingExceptions(_ peers: [JSONValue]) -> [JSONValue] {
        let exceptions = peers.flatMap { $0["ipBlock"]?["except"]?.array ?? [] }
        return peers.map { peer in
            guard let block = peer["ipBlock"], !exceptions.isEmpty else { return peer }
            return ["ipBlock": block.setting("except", .array(exceptions))]
        }
    }

    private static func joined(_ peers: [JSONValue]) -> [JSONValue] {
        guard let pods = peers.first(where: { $0["podSelector"] != nil && $0["namespaceSelector"] == nil }),
            let namespaces = peers.first(where: { $0["namespaceSelector"] != nil && $0["podSelector"] == nil })
        else { return peers }
        let others = peers.filter { $0 != pods && $0 != namespaces }
        return others + [pods.setting("namespaceSelector", namespaces["namespaceSelector"])]
    }
}
