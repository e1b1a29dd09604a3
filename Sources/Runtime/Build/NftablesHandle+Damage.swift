internal import Nftables

extension NftablesHandle {
    /// What somebody else has taken from tables; nil where they are as they should be.
    ///
    /// - Parameters:
    ///   - outlines: what has to be there, counted.
    ///   - isIntact: whether what was found of a table will do.
    func damage(
        to outlines: [TableIdentity: TableOutline], isIntact: (TableIdentity, TableOutline) -> Bool
    ) throws -> String? {
        for (table, expected) in outlines {
            guard let found = try outline(of: table) else { return "table \(table) was gone" }
            guard !isIntact(table, found) else { continue }
            return "table \(table): \(expected.difference(from: found) ?? "it was changed")"
        }
        return nil
    }
}
