extension Table: CustomStringConvertible {
    /// The file that a person would give to `nft -f`, in the layout of `nft list ruleset`.
    public var description: String {
        let header = comment.map { ["comment \"\($0)\""] } ?? []
        let blocks = sets.map(\.lines) + maps.map(\.lines) + chains.map { $0.lines(in: family) }
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
        block(
            "set", name, type: key.concatenation(), flags, timeout, size, comment,
            elements: elements.map(\.description))
    }
}

extension NamedMap: CustomStringConvertible {
    /// nft's text.
    public var description: String { lines.joined(separator: "\n") }

    fileprivate var lines: [String] {
        block(
            "map", name, type: "\(key.concatenation()) : \(content)", flags, timeout, size, comment,
            elements: elements.map(\.description))
    }
}

/// The lines of a set or map, not yet indented by the table.
private func block(
    _ word: String, _ name: String, type: String, _ flags: SetFlags, _ timeout: UInt32?, _ size: UInt32?,
    _ comment: String?, elements: [String]
) -> [String] {
    var lines = ["\(word) \(name) {", "\ttype \(type)"]
    if let size { lines.append("\tsize \(size)") }
    if !flags.isEmpty { lines.append("\tflags \(flags)") }
    if let timeout { lines.append("\ttimeout \(timeout)s") }
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

extension SetFlags: CustomStringConvertible {
    /// nft's text, in the order in which nft lists them.
    public var description: String {
        let names: [(SetFlags, String)] = [(.interval, "interval"), (.dynamic, "dynamic"), (.timeout, "timeout")]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: ",")
    }
}

extension SetElement: CustomStringConvertible {
    /// nft's text.
    public var description: String {
        let fields = key.indices.map { index in
            guard let keyEnd, keyEnd.indices.contains(index), keyEnd[index] != key[index] else {
                return key[index].description
            }
            return "\(key[index].endText)-\(keyEnd[index].endText)"
        }
        return fields.concatenation() + (timeout.map { " timeout \($0)s" } ?? "")
            + (comment.map { " comment \"\($0)\"" } ?? "")
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
    public var description: String { lines(in: nil).joined(separator: "\n") }

    fileprivate func lines(in family: TableFamily?) -> [String] {
        var lines = ["chain \(name) {"]
        if let comment { lines.append("\tcomment \"\(comment)\"") }
        if let base { lines.append("\t\(base)") }
        return lines + rules.map { "\t" + $0.text(in: family) } + ["}"]
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
