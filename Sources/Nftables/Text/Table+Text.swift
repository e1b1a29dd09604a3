extension Table: CustomStringConvertible {
    /// The file that a person would give to `nft -f`, in the layout of `nft list ruleset`.
    public var description: String {
        let header = comment.map { ["comment \"\($0)\""] } ?? []
        let blocks = sets.map(\.lines) + maps.map(\.lines) + chains.map(\.lines)
        // An empty line between two blocks, as `nft list` has it.
        let parts = (header.isEmpty ? [] : [header]) + blocks
        let body = parts.map { $0.map { $0.isEmpty ? "" : "\t\($0)\n" }.joined() }.joined(separator: "\n")
        return "table \(identity) {\n\(body)}\n"
    }
}

extension TableIdentity: CustomStringConvertible {
    /// The family and the name.
    public var description: String { "\(family.rawValue) \(name)" }
}

extension NamedSet: CustomStringConvertible {
    /// nft's text.
    public var description: String { lines.joined(separator: "\n") }

    fileprivate var lines: [String] {
        block("set", name, type: key.concatenation(), comment: comment, elements: elements.map(\.description))
    }
}

extension NamedMap: CustomStringConvertible {
    /// nft's text.
    public var description: String { lines.joined(separator: "\n") }

    fileprivate var lines: [String] {
        block(
            "map", name, type: "\(key.concatenation()) : \(content)", comment: comment,
            elements: elements.map(\.description))
    }
}

/// The lines of a set or map, not yet indented by the table.
private func block(_ word: String, _ name: String, type: String, comment: String?, elements: [String]) -> [String] {
    var lines = ["\(word) \(name) {", "\ttype \(type)"]
    if let comment { lines.append("\tcomment \"\(comment)\"") }
    if !elements.isEmpty {
        lines.append("\telements = {")
        lines += elements.dropLast().map { "\t\t\($0)," } + elements.suffix(1).map { "\t\t\($0)" }
        lines.append("\t}")
    }
    return lines + ["}"]
}

extension NamedMap.Content: CustomStringConvertible {
    /// nft's text.
    public var description: String {
        switch self {
        case .data(let types): types.concatenation()
        case .verdict: "verdict"
        }
    }
}

extension SetElement: CustomStringConvertible {
    /// nft's text.
    public var description: String {
        key.concatenation() + (comment.map { " comment \"\($0)\"" } ?? "")
    }
}

extension MapElement: CustomStringConvertible {
    /// nft's text: a comment belongs to the key and stands before the colon.
    public var description: String { "\(element) : \(target)" }
}

extension MapElement.Target: CustomStringConvertible {
    /// nft's text.
    public var description: String {
        switch self {
        case .data(let values): values.concatenation()
        case .verdict(let verdict): "\(verdict)"
        }
    }
}

extension Chain: CustomStringConvertible {
    /// nft's text.
    public var description: String { lines.joined(separator: "\n") }

    fileprivate var lines: [String] {
        var lines = ["chain \(name) {"]
        if let comment { lines.append("\tcomment \"\(comment)\"") }
        if let base { lines.append("\t\(base)") }
        return lines + rules.map { "\t\($0)" } + ["}"]
    }
}

extension BaseChain: CustomStringConvertible {
    /// nft's text.
    public var description: String {
        "type \(kind.rawValue) hook \(hook.rawValue) priority \(priorityText); policy \(policy.rawValue);"
    }

    /// nft 1.0.6 knows `dstnat` and `srcnat` at one hook each.
    private var priorityText: String {
        switch (priority, hook) {
        case (.raw, _): "raw"
        case (.mangle, _): "mangle"
        case (.filter, _): "filter"
        case (.security, _): "security"
        case (.destinationNAT, .prerouting): "dstnat"
        case (.sourceNAT, .postrouting): "srcnat"
        default: "\(priority.rawValue)"
        }
    }
}
