extension TableOutline {
    /// The first thing in which a table that was found differs from this one, as words; nil where both have the same number
    /// of everything that is named here. Sets and maps that are not named here do not count.
    public func difference(from found: TableOutline) -> String? {
        if let words = Self.difference("chain", "rules", chains, found.chains) { return words }
        if let extra = found.chains.keys.sorted().first(where: { chains[$0] == nil }) {
            return "chain \(extra) was added"
        }
        return Self.difference("set", "elements", sets, found.sets)
            ?? Self.difference("map", "elements", maps, found.maps)
    }

    private static func difference(
        _ kind: String, _ content: String, _ expected: [String: Int], _ found: [String: Int]
    ) -> String? {
        for (name, count) in expected.sorted(by: { $0.key < $1.key }) where found[name] != count {
            guard let actual = found[name] else { return "\(kind) \(name) was gone" }
            return "\(kind) \(name) had \(actual) \(content) instead of \(count)"
        }
        return nil
    }
}
