import KubernetesModel

extension PolicyFault {
    /// A policy whose selectors are read wrongly.
    func selectors(_ policy: APIObject) -> APIObject {
        switch self {
        case .notInWantsKey:
            policy.editingExpressions("NotIn") { [$0, ["key": $0["key"] ?? .null, "operator": "Exists"]] }
        case .notInAsIn: policy.editingExpressions("NotIn") { [$0.merging(["operator": "In"]) { $1 }] }
        case .inAsNotIn: policy.editingExpressions("In") { [$0.merging(["operator": "NotIn"]) { $1 }] }
        case .inFirstValueOnly:
            policy.editingExpressions("In") {
                [$0.merging(["values": .array(Array(($0["values"]?.array ?? []).prefix(1)))]) { $1 }]
            }
        case .existsAlways: policy.editingExpressions("Exists") { _ in [] }
        case .existsNever: policy.editingExpressions("Exists") { [Self.never($0)] }
        case .doesNotExistAlways: policy.editingExpressions("DoesNotExist") { _ in [] }
        case .doesNotExistNever: policy.editingExpressions("DoesNotExist") { [Self.never($0)] }
        case .expressionsIgnored: policy.editingSelectors { $0.filter { $0.key != "matchExpressions" } }
        case .matchLabelsIgnored: policy.editingSelectors { $0.filter { $0.key != "matchLabels" } }
        case .matchLabelsByKey: policy.editingSelectors(Self.byKey)
        case .firstLabelOnly: policy.editingSelectors(Self.firstLabel)
        default: policy
        }
    }

    private static func never(_ expression: [String: JSONValue]) -> [String: JSONValue] {
        ["key": expression["key"] ?? .null, "operator": "In", "values": []]
    }

    private static func byKey(_ selector: [String: JSONValue]) -> [String: JSONValue] {
        let keys = (selector["matchLabels"]?.object ?? [:]).keys.sorted()
        var selector = selector.filter { $0.key != "matchLabels" }
        let conditions = keys.map { JSONValue.object(["key": .string($0), "operator": "Exists"]) }
        selector["matchExpressions"] = .array((selector["matchExpressions"]?.array ?? []) + conditions)
        return selector
    }

    private static func firstLabel(_ selector: [String: JSONValue]) -> [String: JSONValue] {
        guard let labels = selector["matchLabels"]?.object, let first = labels.min(by: { $0.key < $1.key }) else {
            return selector
        }
        return selector.merging(["matchLabels": .object([first.key: first.value])]) { $1 }
    }
}
