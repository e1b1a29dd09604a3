extension Schema {
    /// Whether the value is owned and replaced as a whole.
    func isAtomic(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.object(let object), .object): object.isAtomic
        case (.map, .object), (.any, .object): false
        case (.list(_, .atomic), _): true
        case (.list, .array): false
        default: true
        }
    }
}

extension JSONValue {
    /// Whether the value is owned and replaced as a whole. Of what the schema does not know, objects are not.
    func isAtomic(in schema: Schema?) -> Bool {
        guard let schema else { return object == nil }
        return schema.isAtomic(self)
    }
}

/// The elements of a list that are told apart, each with its node in a `FieldSet`.
enum ListElements {
    /// The node's name of a list's element, or nil where a key is absent that has no default.
    static func node(of element: JSONValue, in schema: Schema?) -> String? {
        guard case .list(_, .map(let keys, _))? = schema else { return "v:" + element.text }
        var name = Array("k:{".utf8)
        name.reserveCapacity(64)
        for (index, key) in (keys.count > 1 ? keys.sorted() : keys).enumerated() {
            var value = element[key] ?? .null
            if value.isNull {
                guard let usual = defaultKeys[key] else { return nil }
                value = usual
            }
            if index > 0 { name.append(UInt8(ascii: ",")) }
            JSONValue.append(key, to: &name)
            name.append(UInt8(ascii: ":"))
            value.append(to: &name)
        }
        name.append(UInt8(ascii: "}"))
        return String(decoding: name, as: UTF8.self)
    }

    /// What a key is where an element leaves it out (the defaults of the OpenAPI schema).
    private static let defaultKeys: [String: JSONValue] = ["protocol": "TCP"]
}

extension FieldSet {
    /// All that an object says, as an applier owns it: leaves, and elements of lists.
    static func everything(in value: JSONValue, _ schema: Schema?) -> FieldSet {
        if value.isAtomic(in: schema) { return .member }
        var set = FieldSet.empty
        switch value {
        case .object(let fields):
            for (field, child) in fields {
                var below = everything(in: child, schema?.part(field))
                if child.object?.isEmpty == true || !(schema?.declares(field) ?? false) { below.isMember = true }
                set.insert(below, at: "f:" + field)
            }
        case .array(let elements):
            for element in elements {
                guard let node = ListElements.node(of: element, in: schema) else { continue }
                var below = everything(in: element, schema?.element)
                below.isMember = true
                set.insert(below, at: node)
            }
        default: set.isMember = true
        }
        return set
    }
}

/// How one version of an object differs from another, in fields.
struct FieldChanges {
    /// What has another value, or is new.
    var changed = FieldSet.empty
    /// What is gone.
    var removed = FieldSet.empty

    /// Compares two versions; nil stands for what is not there.
    init(from old: JSONValue?, to new: JSONValue?, _ schema: Schema?) {
        switch (old, new) {
        case (nil, nil): break
        case (nil, let new?): changed = Self.whole(new, schema)
        case (let old?, nil): removed = Self.whole(old, schema)
        case (let old?, let new?) where old == new: break
        case (let old?, let new?):
            if old.isAtomic(in: schema) || new.isAtomic(in: schema) {
                changed = Self.whole(new, schema)
                if !old.isAtomic(in: schema) { removed = Self.whole(old, schema) }
                return
            }
            if case .object(let before) = old, case .object(let after) = new {
                compare(before, after, schema)
            } else {
                compare(Self.elements(of: old, schema), Self.elements(of: new, schema), schema?.element)
            }
        }
    }

    private mutating func compare(_ old: [String: JSONValue], _ new: [String: JSONValue], _ schema: Schema?) {
        for (field, value) in old {
            let now = new[field]
            if now == value { continue }
            insert(FieldChanges(from: value, to: now, schema?.part(field)), at: "f:" + field)
        }
        for (field, value) in new where old[field] == nil {
            changed.insert(Self.whole(value, schema?.part(field)), at: "f:" + field)
        }
    }

    /// Compares the elements of lists by their nodes.
    private mutating func compare(
        _ old: [(node: String, value: JSONValue)], _ new: [(node: String, value: JSONValue)], _ schema: Schema?
    ) {
        let before = Dictionary(old.map { ($0.node, $0.value) }) { $1 }
        let after = Dictionary(new.map { ($0.node, $0.value) }) { $1 }
        for (node, value) in before where after[node] != value {
            insert(FieldChanges(from: value, to: after[node], schema), at: node)
        }
        for (node, value) in after where before[node] == nil { changed.insert(Self.whole(value, schema), at: node) }
    }

    private mutating func insert(_ changes: FieldChanges, at node: String) {
        changed.insert(changes.changed, at: node)
        removed.insert(changes.removed, at: node)
    }

    private static func elements(of value: JSONValue, _ schema: Schema?) -> [(node: String, value: JSONValue)] {
        (value.array ?? []).compactMap { element in
            ListElements.node(of: element, in: schema).map { ($0, element) }
        }
    }

    /// All of a value that comes or goes: leaves, and every map, list and element on the way to them.
    private static func whole(_ value: JSONValue, _ schema: Schema?) -> FieldSet {
        if value.isAtomic(in: schema) { return .member }
        var set = FieldSet.empty
        switch value {
        case .object(let fields):
            for (field, part) in fields { set.insert(whole(part, schema?.part(field)), at: "f:" + field) }
            if case .object? = schema, !fields.isEmpty { return set }
        default:
            for (node, element) in elements(of: value, schema) {
                var below = whole(element, schema?.element)
                below.isMember = true
                set.insert(below, at: node)
            }
        }
        set.isMember = true
        return set
    }
}
