import Addressing
import KubernetesModel

/// The oracle's second opinion: starts from all flows of a small world and takes away what each isolated pod does not
/// allow, by writing out every rule as the set of its flows. It reads the objects' JSON itself and shares nothing with
/// the oracle.
struct PolicyExpansion {
    struct Flow: Hashable {
        let source: Int
        let destination: Int
        /// Such as `TCP 80`.
        let port: String
    }

    /// A pod, a node or an outside host.
    struct Party {
        let name: String
        /// Its namespace, where policies take it for a pod.
        let namespace: String?
        let labels: [String: String]
        let node: String?
        /// Its address as a text of zeros and ones.
        let bits: String
        /// `TCP 80` by `TCP http`.
        var portNames: [String: String] = [:]
    }

    let parties: [Party]
    let passing: Set<Flow>

    init(_ objects: [APIObject], outside: [String], ports: [String], family: AddressFamily, profile: PolicyProfile) {
        let isHostNetworkPod = profile[.hostNetworkPods] == "as-pod"
        let parties =
            objects.compactMap { Party(pod: $0, family, isHostNetworkPod) }
            + objects.compactMap { Party(node: $0, family) }
            + outside.map { Party(name: $0, namespace: nil, labels: [:], node: nil, bits: Self.bits($0)) }
        let namespaces = objects.filter { $0.kind == "Namespace" }
        var world = World(
            parties: parties,
            namespaceLabels: Dictionary(uniqueKeysWithValues: namespaces.map { ($0.name, $0.labels) }), ports: ports)
        let everything = parties.indices.flatMap { source in
            parties.indices.flatMap { destination in
                ports.map { Flow(source: source, destination: destination, port: $0) }
            }
        }
        var passing = Set(everything)
        let policies = objects.filter { $0.kind == "NetworkPolicy" }
        for direction in ["Ingress", "Egress"] {
            for subject in parties.indices where parties[subject].namespace != nil {
                let isolating = policies.filter { world.isIsolated(subject, by: $0, direction) }
                guard !isolating.isEmpty else { continue }
                world.exemptsOwnNode = direction == "Ingress" || profile[.egressToOwnNode] == "allowed"
                let own = everything.filter { (direction == "Ingress" ? $0.destination : $0.source) == subject }
                let allowed = own.filter { flow in
                    world.isExempt(flow, direction) || isolating.contains { world.allows(flow, $0, direction) }
                }
                passing.subtract(Set(own).subtracting(allowed))
            }
        }
        self.parties = parties
        self.passing = passing
    }
}

extension PolicyExpansion {
    fileprivate struct World {
        let parties: [Party]
        let namespaceLabels: [String: [String: String]]
        let ports: [String]
        var exemptsOwnNode = true

        func isIsolated(_ subject: Int, by policy: APIObject, _ direction: String) -> Bool {
            let spec = policy["spec"] ?? [:]
            var types = (spec["policyTypes"]?.array ?? []).compactMap(\.string)
            if types.isEmpty { types = (spec["egress"]?.array ?? []).isEmpty ? ["Ingress"] : ["Ingress", "Egress"] }
            return types.contains(direction) && parties[subject].namespace == policy.namespace
                && selects(spec["podSelector"] ?? [:], parties[subject].labels)
        }

        /// A pod and itself or its node's address as its own; the node of a pod, which is anything there that is no
        /// pod.
        func isExempt(_ flow: Flow, _ direction: String) -> Bool {
            let (one, other) = (parties[flow.source], parties[flow.destination])
            if flow.source == flow.destination { return true }
            let peer = direction == "Ingress" ? one : other
            let isNodeItself = one.bits == other.bits && peer.name.hasPrefix("node")
            if isNodeItself, direction == "Egress" { return true }
            return exemptsOwnNode && peer.namespace == nil && peer.node != nil && one.node == other.node
        }

        func allows(_ flow: Flow, _ policy: APIObject, _ direction: String) -> Bool {
            let rules = policy["spec"]?[direction == "Ingress" ? "ingress" : "egress"]?.array ?? []
            return rules.contains { rule in
                let peers = rule[direction == "Ingress" ? "from" : "to"]?.array ?? []
                let ports = rule["ports"]?.array ?? []
                let peer = parties[direction == "Ingress" ? flow.source : flow.destination]
                let isPeerMeant = peers.isEmpty || peers.contains { means(peer, $0, policy.namespace) }
                let isPortMeant = ports.isEmpty || ports.contains { numbers($0, flow.destination).contains(flow.port) }
                return isPeerMeant && isPortMeant
            }
        }

        private func means(_ party: Party, _ peer: JSONValue, _ policyNamespace: String) -> Bool {
            if let block = peer["ipBlock"] {
                return lies(party.bits, in: block["cidr"])
                    && !(block["except"]?.array ?? []).contains { lies(party.bits, in: $0) }
            }
            guard let namespace = party.namespace else { return false }
            if let selector = peer["namespaceSelector"] {
                guard selects(selector, namespaceLabels[namespace] ?? [:]) else { return false }
            } else if namespace != policyNamespace {
                return false
            }
            return peer["podSelector"].map { selects($0, party.labels) } ?? true
        }

        private func lies(_ bits: String, in block: JSONValue?) -> Bool {
            let parts = (block?.string ?? "").split(separator: "/").map(String.init)
            guard parts.count == 2, let length = Int(parts[1]) else { return false }
            let network = PolicyExpansion.bits(parts[0])
            return network.count == bits.count && network.prefix(length) == bits.prefix(length)
        }

        /// A rule's ports at one destination, written out.
        private func numbers(_ port: JSONValue, _ destination: Int) -> Set<String> {
            let transport = port["protocol"]?.string ?? "TCP"
            switch port["port"] {
            case .integer(let first):
                return Set((first...(port["endPort"]?.integer ?? first)).map { "\(transport) \($0)" })
            case .string(let name):
                return parties[destination].portNames["\(transport) \(name)"].map { [$0] } ?? []
            default: return Set(ports.filter { $0.hasPrefix("\(transport) ") })
            }
        }

        private func selects(_ selector: JSONValue, _ labels: [String: String]) -> Bool {
            for (key, value) in selector["matchLabels"]?.object ?? [:] where labels[key] != value.string {
                return false
            }
            for expression in selector["matchExpressions"]?.array ?? [] {
                let value = labels[expression["key"]?.string ?? ""]
                let values = (expression["values"]?.array ?? []).map { $0.string ?? "" }
                let isListed = values.contains { $0 == value }
                switch expression["operator"] {
                case "In" where isListed, "NotIn" where !isListed, "Exists" where value != nil,
                    "DoesNotExist" where value == nil:
                    continue
                default: return false
                }
            }
            return true
        }
    }

    /// An address as zeros and ones.
    fileprivate static func bits(_ text: String) -> String {
        (IPAddress(text)?.bytes ?? []).map { byte in
            let digits = String(byte, radix: 2)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
    }
}

extension PolicyExpansion.Party {
    fileprivate init?(pod: APIObject, _ family: AddressFamily, _ isHostNetworkPod: Bool) {
        guard pod.kind == "Pod" else { return nil }
        let isHostNetwork = pod["spec", "hostNetwork"]?.bool ?? false
        let addresses = (pod["status", "podIPs"]?.array ?? []).compactMap { $0["ip"]?.string }
        name = "\(pod.namespace)/\(pod.name)"
        namespace = isHostNetwork && !isHostNetworkPod ? nil : pod.namespace
        labels = pod.labels
        node = pod["spec", "nodeName"]?.string
        bits = PolicyExpansion.bits(addresses[family == .ipv4 ? 0 : 1])
        guard namespace != nil else { return }
        for port in (pod["spec", "containers"]?.array ?? []).flatMap({ $0["ports"]?.array ?? [] }) {
            let transport = port["protocol"]?.string ?? "TCP"
            portNames["\(transport) \(port["name"]?.string ?? "")"] =
                "\(transport) \(port["containerPort"]?.integer ?? 0)"
        }
    }

    fileprivate init?(node object: APIObject, _ family: AddressFamily) {
        guard object.kind == "Node" else { return nil }
        let addresses = (object["status", "addresses"]?.array ?? []).compactMap { $0["address"]?.string }
        self.init(
            name: object.name, namespace: nil, labels: [:], node: object.name,
            bits: PolicyExpansion.bits(addresses[family == .ipv4 ? 0 : 1]))
    }
}
