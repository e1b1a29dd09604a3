import Nftables

/// Steps of a change as a person would give them to `nft -f`.
enum NftScript {
    static func text(of changes: [RulesetChange]) throws -> String {
        try changes.map { try line(for: $0) + "\n" }.joined()
    }

    private static func line(for change: RulesetChange) throws -> String {
        switch change {
        case .addChain(let chain, let table): "table \(table) {\n\(chain)\n}"
        case .deleteChain(let name, let table): "delete chain \(table) \(name)"
        case .flushChain(let name, let table): "flush chain \(table) \(name)"
        case .addRule(let rule, let chain, let table): "add rule \(table) \(chain) \(rule)"
        case .addSetElements(let elements, let name, let table): line("add", elements, name, table)
        case .addMapElements(let elements, let name, let table): line("add", elements, name, table)
        case .deleteSetElements(let elements, let name, let table): line("delete", elements, name, table)
        case .deleteMapElements(let elements, let name, let table): line("delete", elements, name, table)
        default: throw BenchError("there is no line for nft that says \(change)")
        }
    }

    private static func line(
        _ verb: String, _ elements: [some CustomStringConvertible], _ name: String, _ table: TableIdentity
    ) -> String {
        "\(verb) element \(table) \(name) { \(elements.map(\.description).joined(separator: ", ")) }"
    }
}
