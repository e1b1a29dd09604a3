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
        var values: [String: JSONValue] = [:]
        for key in keys {
            let value = element[key] ?? .null
            values[key] = value.isNull ? defaultKeys[key] : value
            if values[key] == nil { return nil }
        }
        return "k:" + JSONValue.object(values).text
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
            compare(Self.parts(of: old, schema), Self.parts(of: new, schema))
        }
    }

    private mutating func compare(_ old: [String: Part], _ new: [String: Part]) {
        for (name, part) in old where new[name]?.value != part.value {
            let changes = FieldChanges(from: part.value, to: new[name]?.value, part.schema)
            changed.insert(changes.changed, at: name)
            removed.insert(changes.removed, at: name)
        }
        for (name, part) in new where old[name] == nil {
            changed.insert(Self.whole(part.value, part.schema), at: name)
        }
    }

    private struct Part {
        let value: JSONValue
        let schema: Schema?
    }

    private static func parts(of value: JSONValue, _ schema: Schema?) -> [String: Part] {
        var parts: [String: Part] = [:]
        switch value {
        case .object(let fields):
            for (field, child) in fields { parts["f:" + field] = Part(value: child, schema: schema?.part(field)) }
        case .array(let elements):
            for element in elements {
                guard let node = ListElements.node(of: element, in: schema) else { continue }
                parts[node] = Part(value: element, schema: schema?.element)
            }
        default: break
        }
        return parts
    }

    /// All of a value that comes or goes: leaves, and every map, list and element on the way to them.
    private static func whole(_ value: JSONValue, _ schema: Schema?) -> FieldSet {
        if value.isAtomic(in: schema) { return .member }
        var set = FieldSet.empty
        let parts = parts(of: value, schema)
        for (name, part) in parts {
            var below = whole(part.value, part.schema)
            if !name.hasPrefix("f:") { below.isMember = true }
            set.insert(below, at: name)
        }
        if case .object? = schema, !parts.isEmpty { return set }
        set.isMember = true
        return set
    }
}
