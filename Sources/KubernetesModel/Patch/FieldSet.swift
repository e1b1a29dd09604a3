/// Fields of an object, as managedFields tells them (meta/v1 FieldsV1): a tree of which each node can be a member.
///
/// Nodes are named as in FieldsV1: `f:NAME` for a field, `k:{"KEY":VALUE}` for a list's element with these keys, and
/// `v:VALUE` for an element of a set.
struct FieldSet: Hashable, Sendable {
    /// Whether the node itself is meant, and not only something below it.
    var isMember = false
    /// What is below.
    var children: [String: FieldSet] = [:]

    static let empty = FieldSet()
    static let member = FieldSet(isMember: true)

    init(isMember: Bool = false, children: [String: FieldSet] = [:]) {
        self.isMember = isMember
        self.children = children
    }

    /// The set of these paths.
    init(paths: [[String]]) {
        for path in paths { insert(path[...]) }
    }

    /// Nothing is meant, neither here nor below.
    var isEmpty: Bool { !isMember && children.values.allSatisfy(\.isEmpty) }

    subscript(child: String) -> FieldSet? { children[child] }

    /// Adds what is meant below a node.
    mutating func insert(_ set: FieldSet, at child: String) {
        if !set.isEmpty { children[child] = set }
    }

    private mutating func insert(_ path: ArraySlice<String>) {
        guard let first = path.first else {
            isMember = true
            return
        }
        children[first, default: .empty].insert(path.dropFirst())
    }

    /// What is in either.
    func union(_ other: FieldSet) -> FieldSet {
        FieldSet(
            isMember: isMember || other.isMember,
            children: children.merging(other.children) { $0.union($1) })
    }

    /// What is in both.
    func intersection(_ other: FieldSet) -> FieldSet {
        var result = FieldSet(isMember: isMember && other.isMember)
        for (name, child) in children {
            if let counterpart = other.children[name] { result.insert(child.intersection(counterpart), at: name) }
        }
        return result
    }

    /// What is in this and not in the other.
    func subtracting(_ other: FieldSet) -> FieldSet {
        var result = FieldSet(isMember: isMember && !other.isMember)
        for (name, child) in children {
            let rest = other.children[name].map { child.subtracting($0) } ?? child
            result.insert(rest, at: name)
        }
        return result
    }

    /// What is in this, without the members of the other and everything below them.
    func subtractingTrees(_ other: FieldSet) -> FieldSet {
        if other.isMember { return .empty }
        var result = FieldSet(isMember: isMember)
        for (name, child) in children {
            let rest = other.children[name].map { child.subtractingTrees($0) } ?? child
            result.insert(rest, at: name)
        }
        return result
    }

    /// The paths of all members, in the order of their names.
    var paths: [[String]] {
        (isMember ? [[]] : [])
            + children.sorted { $0.key < $1.key }.flatMap { name, child in child.paths.map { [name] + $0 } }
    }
}

extension FieldSet {
    /// Reads FieldsV1; what is no object has nothing below.
    init(_ value: JSONValue) {
        let fields = value.object ?? [:]
        for (name, child) in fields where name != "." {
            children[name] = (child.object ?? [:]).isEmpty ? .member : FieldSet(child)
        }
        isMember = fields["."] != nil
    }

    /// FieldsV1.
    var value: JSONValue {
        var fields: [String: JSONValue] = [:]
        for (name, child) in children where !child.isEmpty {
            fields[name] = child.children.values.allSatisfy(\.isEmpty) ? [:] : child.value
        }
        if isMember { fields["."] = [:] }
        return .object(fields)
    }

    /// A path as messages show it: `.spec.ports[port=80,protocol="TCP"].nodePort`.
    static func text(of path: [String]) -> String {
        path.map { name in
            let rest = String(name.dropFirst(2))
            switch name.prefix(2) {
            case "k:":
                guard let keys = (try? JSONValue(parsing: rest))?.object else { return "[\(rest)]" }
                let list = keys.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }
                return "[\(list.joined(separator: ","))]"
            case "v:": return "[=\(rest)]"
            case "i:": return "[\(rest)]"
            default: return ".\(rest)"
            }
        }.joined()
    }
}
