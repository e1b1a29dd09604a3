/// Conditions on a node that all have to hold (core/v1 NodeSelectorTerm).
public struct NodeSelectorTerm: Hashable, Sendable {
    /// Conditions on the node's labels.
    public let labels: [Requirement]
    /// Conditions on the node's fields, of which there is one: `metadata.name`.
    public let fields: [Requirement]

    /// One condition (core/v1 NodeSelectorRequirement).
    public struct Requirement: Hashable, Sendable {
        /// The label or field.
        public let key: String
        /// `In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt` or `Lt`.
        public let comparison: String
        /// What it is compared with.
        public let values: [String]

        init(_ value: JSONValue) {
            key = value["key"]?.string ?? ""
            comparison = value["operator"]?.string ?? ""
            values = (value["values"]?.array ?? []).compactMap(\.string)
        }

        func matches(_ value: String?) -> Bool {
            switch comparison {
            case "In": return value.map(values.contains) ?? false
            case "NotIn": return !(value.map(values.contains) ?? false)
            case "Exists": return value != nil
            case "DoesNotExist": return value == nil
            case "Gt", "Lt":
                guard let number = value.flatMap({ Int64($0) }), let bound = values.first.flatMap({ Int64($0) }) else {
                    return false
                }
                return comparison == "Gt" ? number > bound : number < bound
            default: return false
            }
        }
    }

    init(_ value: JSONValue) {
        labels = (value["matchExpressions"]?.array ?? []).map { Requirement($0) }
        fields = (value["matchFields"]?.array ?? []).map { Requirement($0) }
    }

    /// Whether a node meets the term. A term without conditions means no node.
    public func matches(_ node: Node) -> Bool {
        guard !labels.isEmpty || !fields.isEmpty else { return false }
        return labels.allSatisfy { $0.matches(node.labels[$0.key]) }
            && fields.allSatisfy { $0.matches($0.key == "metadata.name" ? node.name : nil) }
    }
}
