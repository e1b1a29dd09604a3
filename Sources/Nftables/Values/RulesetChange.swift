/// One step of a transaction that changes tables in part (`NftablesHandle.commit(_:to:)`).
///
/// Steps are carried out in order: a chain comes before the rules and elements that lead to it, and goes after them.
/// A whole table is cheaper than its parts, since its rules are bound to maps that are still empty.
public enum RulesetChange: Hashable, Sendable {
    /// Adds a table with all that is in it; there must be none of its family and name.
    case addTable(Table)
    /// Deletes a table with all that is in it; one that does not exist is no error.
    case deleteTable(TableIdentity)
    /// Adds a chain with its rules.
    case addChain(Chain, in: TableIdentity)
    /// Deletes a chain with its rules. Nothing may lead to it any more.
    case deleteChain(String, in: TableIdentity)
    /// Deletes all rules of a chain.
    case flushChain(String, in: TableIdentity)
    /// Adds a rule to the end of a chain.
    case addRule(Rule, chain: String, in: TableIdentity)
    /// Adds a set with its elements.
    case addSet(NamedSet, in: TableIdentity)
    /// Deletes a set with its elements. No rule may name it any more.
    case deleteSet(String, in: TableIdentity)
    /// Adds a map with its elements.
    case addMap(NamedMap, in: TableIdentity)
    /// Deletes a map with its elements. No rule may name it any more.
    case deleteMap(String, in: TableIdentity)
    /// Adds elements to a set; a key that it has already is refused.
    case addSetElements([SetElement], set: String, in: TableIdentity)
    /// Deletes elements of a set by their keys; one that is not there is refused, except in sets with the flag `timeout`.
    case deleteSetElements([SetElement], set: String, in: TableIdentity)
    /// Adds elements to a map; a key that it has already is refused.
    case addMapElements([MapElement], map: String, in: TableIdentity)
    /// Deletes elements of a map by their keys; one that is not there is refused, except in maps with the flag `timeout`,
    /// whose elements may go at any time. Their targets are not looked at.
    case deleteMapElements([MapElement], map: String, in: TableIdentity)
}
