/// A dictionary that knows what it was before it was changed.
struct RecordedDictionary<Key: Hashable & Comparable & Sendable, Value: Equatable & Sendable>: Sendable {
    /// What became of a key; never twice the same value.
    struct Change {
        let key: Key
        let old: Value?
        let new: Value?
    }

    private(set) var current: [Key: Value] = [:]
    /// What touched keys had; nil where they were not there.
    private var former: [Key: Value?] = [:]

    subscript(key: Key) -> Value? {
        get { current[key] }
        set {
            if former.index(forKey: key) == nil { former[key] = .some(current[key]) }
            current[key] = newValue
        }
    }

    /// What is different since the last time, in the order of the keys.
    mutating func takeChanges() -> [Change] {
        defer { former = [:] }
        return former.map { Change(key: $0.key, old: $0.value, new: current[$0.key]) }
            .filter { $0.old != $0.new }.sorted { $0.key < $1.key }
    }
}
