/// Labels and selectors in kubectl's words.
enum Labels {
    static let none = "<none>"

    /// `a=1,b=2`, or `<none>`.
    static func text(_ labels: JSONValue?, separator: String = ",") -> String {
        let labels = (labels?.object ?? [:]).compactMapValues(\.string).sorted { $0.key < $1.key }
        return labels.map { "\($0.key)=\($0.value)" }.joined(separator: separator).or(none)
    }

    /// `a=1,tier in (db,web),!x` by the order of keys, or `<none>`.
    static func selectorText(_ selector: JSONValue?) -> String {
        let labels = (selector?["matchLabels"]?.object ?? [:]).map { key, value in
            (key: key, text: "\(key)=\(value.string ?? "")")
        }
        let expressions = (selector?["matchExpressions"]?.array ?? []).map { expression in
            (key: expression.text(at: "key"), text: text(ofExpression: expression))
        }
        return (labels + expressions).sorted { ($0.key, $0.text) < ($1.key, $1.text) }.map(\.text)
            .joined(separator: ",").or(none)
    }

    private static func text(ofExpression expression: JSONValue) -> String {
        let key = expression.text(at: "key")
        let values = expression.elements(at: "values").compactMap(\.string).sorted().joined(separator: ",")
        return switch LabelSelector.Comparison(rawValue: expression.text(at: "operator")) {
        case .isIn: "\(key) in (\(values))"
        case .isNotIn: "\(key) notin (\(values))"
        case .exists: key
        case .doesNotExist: "!\(key)"
        case nil: "<error>"
        }
    }
}
