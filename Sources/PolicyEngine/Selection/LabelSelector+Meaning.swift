import KubernetesModel

extension LabelSelector {
    /// Whether labels meet all conditions. Not the model's own evaluation, on purpose: an oracle uses that one.
    func means(_ labels: [String: String]) -> Bool {
        for requirement in requirements where !requirement.holds(labels[requirement.key]) { return false }
        return true
    }

    /// The conditions as `kubectl` writes them: `app=web,tier notin (a,b)`.
    var words: String { requirements.map(\.words).sorted().joined(separator: ",") }
}

extension LabelSelector.Requirement {
    /// Whether a label's value, or its absence, meets the condition.
    fileprivate func holds(_ value: String?) -> Bool {
        guard let value else { return comparison == .isNotIn || comparison == .doesNotExist }
        switch comparison {
        case .exists: return true
        case .doesNotExist: return false
        case .isIn: return values.contains(value)
        case .isNotIn: return !values.contains(value)
        }
    }

    fileprivate var words: String {
        let list = values.sorted().joined(separator: ",")
        switch comparison {
        case .isIn: return values.count == 1 ? "\(key)=\(list)" : "\(key) in (\(list))"
        case .isNotIn: return "\(key) notin (\(list))"
        case .exists: return key
        case .doesNotExist: return "!\(key)"
        }
    }
}
