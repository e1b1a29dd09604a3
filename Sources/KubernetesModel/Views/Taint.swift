/// Why a node does not want pods (core/v1 Taint).
public struct Taint: Hashable, Sendable {
    /// The key.
    public let key: String
    /// The value, or empty.
    public let value: String
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    public let effect: String

    /// Makes a taint.
    public init(key: String, value: String = "", effect: String) {
        self.key = key
        self.value = value
        self.effect = effect
    }

    init(_ value: JSONValue) {
        self.init(
            key: value["key"]?.string ?? "", value: value["value"]?.string ?? "",
            effect: value["effect"]?.string ?? "")
    }
}

/// A taint that a pod puts up with (core/v1 Toleration).
public struct Toleration: Hashable, Sendable {
    /// The taint's key; empty means every key.
    public let key: String
    /// `Exists` or `Equal`.
    public let comparison: String
    /// The taint's value.
    public let value: String
    /// The taint's effect; empty means every effect.
    public let effect: String

    init(_ value: JSONValue) {
        key = value["key"]?.string ?? ""
        comparison = value["operator"].nonEmptyString ?? "Equal"
        self.value = value["value"]?.string ?? ""
        effect = value["effect"]?.string ?? ""
    }

    /// Whether the taint is put up with.
    public func tolerates(_ taint: Taint) -> Bool {
        guard effect.isEmpty || effect == taint.effect, key.isEmpty || key == taint.key else { return false }
        return comparison == "Exists" || (!key.isEmpty && comparison == "Equal" && value == taint.value)
    }
}
