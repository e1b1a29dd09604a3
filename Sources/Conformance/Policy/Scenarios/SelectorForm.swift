import KubernetesModel

/// A way to select by labels, of which every object has one key.
struct SelectorForm {
    /// Its part of ids.
    let id: String
    /// Its part of titles.
    let words: String
    /// The behaviours that it shows.
    let proves: [String]
    /// The LabelSelector.
    let selector: JSONValue

    /// All forms.
    ///
    /// - Parameters:
    ///   - key: a key that all objects have. None has the key `tier`.
    ///   - values: three values of it.
    static func all(_ key: String, _ values: [String]) -> [SelectorForm] {
        guard values.count == 3 else { return [] }
        let (one, two, three) = (values[0], values[1], values[2])
        let absent = "tier"
        return labels(key, one, two)
            + [
                form("in", "In with one value", .condition(key, "In", [two])),
                form("in-several", "In with several values", .condition(key, "In", [two, three])),
                form("in-unknown", "In with a value that nobody has", .condition(key, "In", ["nobody"])),
                form("not-in", "NotIn with one value", .condition(key, "NotIn", [one])),
                form("not-in-several", "NotIn with several values", .condition(key, "NotIn", [one, three])),
                form("not-in-absent", "NotIn of a key that nobody has", .condition(absent, "NotIn", [one])),
                form("exists", "Exists", .condition(key, "Exists")),
                form("exists-absent", "Exists of a key that nobody has", .condition(absent, "Exists")),
                form("does-not-exist", "DoesNotExist of a key that all have", .condition(key, "DoesNotExist")),
                form("does-not-exist-absent", "DoesNotExist", .condition(absent, "DoesNotExist")),
                form(
                    "two-conditions", "two conditions, both of which have to hold",
                    .condition(key, "In", [one, two]), .condition(key, "NotIn", [one])),
                SelectorForm(
                    id: "label-and-condition", words: "a label and a condition, both of which have to hold",
                    proves: ["G4", "G5"],
                    selector: [
                        "matchLabels": .object([key: .string(two)]),
                        "matchExpressions": [.condition(key, "NotIn", [two])],
                    ]),
            ]
    }

    private static func labels(_ key: String, _ one: String, _ two: String) -> [SelectorForm] {
        [
            SelectorForm(id: "empty", words: "nothing, which all meet", proves: ["G3"], selector: [:]),
            SelectorForm(id: "label", words: "a label", proves: ["G4"], selector: .labels([key: one])),
            SelectorForm(
                id: "label-of-nobody", words: "a label's value that nobody has", proves: ["G4"],
                selector: .labels([key: "nobody"])),
            SelectorForm(
                id: "two-labels", words: "two labels, one of which nobody has", proves: ["G4"],
                selector: .labels([key: two, "tier": "front"])),
        ]
    }

    private static func form(_ id: String, _ words: String, _ conditions: JSONValue...) -> SelectorForm {
        SelectorForm(id: id, words: words, proves: ["G5"], selector: ["matchExpressions": .array(conditions)])
    }
}
