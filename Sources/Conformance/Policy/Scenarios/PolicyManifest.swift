import Addressing
import KubernetesModel

/// A NetworkPolicy to be written down. What is nil is left out, so that the API's own defaults are met.
struct PolicyManifest {
    var name = "policy"
    /// Its namespace's short name.
    var namespace = "x"
    /// The selector of the pods that it is about.
    var subject: JSONValue = .labels(["pod": "a"])
    var types: [NetworkPolicy.Direction]?
    var ingress: [JSONValue]?
    var egress: [JSONValue]?

    /// A policy with rules for one direction, about which it says that it is.
    init(_ direction: NetworkPolicy.Direction, _ rules: [PolicyRule]) {
        types = [direction]
        set(rules, direction)
    }

    /// A policy that has the same rules in both directions.
    init(both rules: [PolicyRule]) {
        types = [.ingress, .egress]
        for direction in NetworkPolicy.Direction.allCases { set(rules, direction) }
    }

    /// A policy that may leave any of its fields out.
    init(types: [NetworkPolicy.Direction]?, ingress: [PolicyRule]? = nil, egress: [PolicyRule]? = nil) {
        self.types = types
        if let ingress { set(ingress, .ingress) }
        if let egress { set(egress, .egress) }
    }

    private mutating func set(_ rules: [PolicyRule], _ direction: NetworkPolicy.Direction) {
        switch direction {
        case .ingress: ingress = rules.map { $0.value("from") }
        case .egress: egress = rules.map { $0.value("to") }
        }
    }

    /// The policy under another name.
    func named(_ name: String) -> PolicyManifest {
        var policy = self
        policy.name = name
        return policy
    }

    /// The policy in another namespace, or about other pods.
    func about(_ subject: JSONValue? = nil, in namespace: String? = nil) -> PolicyManifest {
        var policy = self
        policy.subject = subject ?? self.subject
        policy.namespace = namespace ?? self.namespace
        return policy
    }

    /// The object of the API.
    var object: APIObject {
        var spec: [String: JSONValue] = ["podSelector": subject]
        spec["policyTypes"] = types.map { .array($0.map { .string($0.rawValue) }) }
        spec["ingress"] = ingress.map { .array($0) }
        spec["egress"] = egress.map { .array($0) }
        return APIObject(
            .networkPolicies, namespace: PolicyWorld.namespace(namespace), name: name, ["spec": .object(spec)])
    }

    /// What names the object.
    var key: ObjectKey { ObjectKey(.networkPolicies, object) }
}

/// A rule of a policy, for either direction. What is nil is left out.
struct PolicyRule {
    var peers: [JSONValue]?
    var ports: [JSONValue]?

    func value(_ field: String) -> JSONValue {
        var fields: [String: JSONValue] = [:]
        fields[field] = peers.map { .array($0) }
        fields["ports"] = ports.map { .array($0) }
        return .object(fields)
    }
}

extension JSONValue {
    /// A LabelSelector that wants all of these labels.
    static func labels(_ labels: [String: String]) -> JSONValue {
        ["matchLabels": .object(labels.mapValues { .string($0) })]
    }

    /// A LabelSelector with conditions.
    static func conditions(_ conditions: JSONValue...) -> JSONValue { ["matchExpressions": .array(conditions)] }

    /// A condition of a LabelSelector.
    static func condition(_ key: String, _ comparison: String, _ values: [String]? = nil) -> JSONValue {
        var fields: [String: JSONValue] = ["key": .string(key), "operator": .string(comparison)]
        fields["values"] = values.map { .array($0.map { .string($0) }) }
        return .object(fields)
    }

    /// A peer: pods by their own labels and their namespaces'. What is nil is left out.
    static func peer(_ pods: JSONValue?, namespaces: JSONValue? = nil) -> JSONValue {
        var fields: [String: JSONValue] = [:]
        fields["podSelector"] = pods
        fields["namespaceSelector"] = namespaces
        return .object(fields)
    }

    /// A peer: addresses.
    static func block(_ block: CIDR, except exceptions: [CIDR] = []) -> JSONValue {
        var fields: [String: JSONValue] = ["cidr": .string("\(block)")]
        if !exceptions.isEmpty { fields["except"] = .array(exceptions.map { .string("\($0)") }) }
        return ["ipBlock": .object(fields)]
    }

    /// A port, or a range of them. What is nil is left out.
    static func port(_ port: JSONValue?, to last: Int64? = nil, _ transport: TransportProtocol? = nil) -> JSONValue {
        var fields: [String: JSONValue] = [:]
        fields["port"] = port
        fields["endPort"] = last.map { .integer($0) }
        fields["protocol"] = transport.map { .string($0.rawValue) }
        return .object(fields)
    }
}

extension NetworkPolicy.Direction {
    /// `ingress` or `egress`, as ids have it.
    var word: String { rawValue.lowercased() }
}
