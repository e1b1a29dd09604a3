extension Faults {
    /// meta/v1 LabelSelector.
    mutating func labelSelector(_ path: String, _ selector: JSONValue?) {
        guard let selector else { return }
        labels("\(path).matchLabels", selector["matchLabels"])
        for (index, expression) in selector.elements("matchExpressions").enumerated() {
            requirement("\(path).matchExpressions[\(index)]", expression)
        }
    }

    private mutating func requirement(_ path: String, _ expression: JSONValue) {
        let values = expression.elements("values")
        let comparison = expression["operator"]?.string ?? ""
        switch comparison {
        case "In", "NotIn":
            if values.isEmpty {
                required("\(path).values", "must be specified when `operator` is 'In' or 'NotIn'")
            }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                forbidden("\(path).values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
            }
        default: invalid("\(path).operator", .string(comparison), "not a valid selector operator")
        }
        let key = expression["key"]?.string ?? ""
        invalid("\(path).key", key, Naming.qualifiedNameFaults(key))
        for (index, value) in values.enumerated() {
            guard let value = value.string else { continue }
            invalid("\(path).values[\(index)]", value, Naming.labelValueFaults(value))
        }
    }
}
