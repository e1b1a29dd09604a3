extension Rule: CustomStringConvertible {
    /// nft's text, in one line.
    public var description: String {
        let words = statements.map(\.description) + (comment.map { ["comment \"\($0)\""] } ?? [])
        return words.joined(separator: " ")
    }
}

extension Statement: CustomStringConvertible {
    /// nft's text.
    public var description: String {
        switch self {
        case .match(let expression, let comparison, let value):
            "\(expression) \(comparison.prefix)\(value)"
        case .lookup(let key, let comparison, let set):
            "\(key.concatenation()) \(comparison.prefix)@\(set)"
        case .verdict(let verdict):
            "\(verdict)"
        case .verdictMap(let key, let map):
            "\(key.concatenation()) vmap @\(map)"
        case .destinationNAT(let networkProtocol, let key, let map):
            "dnat \(networkProtocol.rawValue) to \(key.concatenation()) map @\(map)"
        case .masquerade:
            "masquerade"
        }
    }
}

extension Statement.Comparison {
    /// The operator in front of a value; nft leaves `==` out.
    fileprivate var prefix: String { self == .equal ? "" : "!= " }
}
