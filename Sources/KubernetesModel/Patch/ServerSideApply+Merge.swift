extension ServerSideApply {
    /// Lays a configuration over what is there: objects field by field, lists with keys element by element. A field of
    /// the configuration that is null is not there.
    static func merge(_ configuration: JSONValue, into live: JSONValue?, _ schema: Schema?) -> JSONValue {
        if configuration.isAtomic(in: schema) { return configuration }
        let isMergeable = live?.isAtomic(in: schema) == false
        switch configuration {
        case .object(let wanted):
            var fields = isMergeable ? live?.object ?? [:] : [:]
            for (field, value) in wanted {
                fields[field] = value.isNull ? nil : merge(value, into: fields[field], schema?.part(field))
            }
            return .object(fields)
        case .array(let wanted):
            return .array(mergeList(wanted, into: isMergeable ? live?.array ?? [] : [], schema))
        default: return configuration
        }
    }

    /// The elements of the configuration in its order; those that only the live list has keep their places among them.
    private static func mergeList(
        _ wanted: [JSONValue], into elements: [JSONValue], _ schema: Schema?
    ) -> [JSONValue] {
        if elements.isEmpty { return wanted.map { merge($0, into: nil, schema?.element) } }
        func node(_ element: JSONValue) -> String? { ListElements.node(of: element, in: schema) }
        let wantedNodes = Set(wanted.compactMap(node))
        var counterparts: [String: JSONValue] = [:]
        for element in elements {
            if let node = node(element), counterparts[node] == nil { counterparts[node] = element }
        }
        var rest = elements[...]
        var placed: Set<String> = []
        var result: [JSONValue] = []
        for element in wanted {
            let own = node(element)
            while let next = rest.first {
                let other = node(next)
                if let other, wantedNodes.contains(other) {
                    guard other == own || placed.contains(other) else { break }
                    rest.removeFirst()
                    if other == own { break }
                } else {
                    result.append(next)
                    rest.removeFirst()
                }
            }
            result.append(merge(element, into: own.flatMap { counterparts[$0] }, schema?.element))
            if let own { placed.insert(own) }
        }
        return result + rest.filter { element in !(node(element).map(wantedNodes.contains) ?? false) }
    }

    /// Removes what the applier owned before and nobody claims now.
    ///
    /// - Parameters:
    ///   - before: what the applier owned, from here on.
    ///   - claimed: what anybody owns now, from here on, or nil where that is nothing.
    ///   - isDeclared: whether this is a field of a type, which goes as a whole with the last one who had any of it.
    /// - Returns: nil where the whole value goes.
    static func prune(
        _ value: JSONValue, _ schema: Schema?, _ before: FieldSet, claimed: FieldSet?, isDeclared: Bool
    ) -> JSONValue? {
        guard let claimed else { return isDeclared || before.isMember ? nil : pruneParts(value, schema, before, nil) }
        return pruneParts(value, schema, before, claimed)
    }

    private static func pruneParts(_ value: JSONValue, _ schema: Schema?, _ before: FieldSet, _ claimed: FieldSet?)
        -> JSONValue
    {
        if before.children.isEmpty { return value }
        switch value {
        case .object(var fields):
            for (name, child) in before.children where name.hasPrefix("f:") {
                let field = String(name.dropFirst(2))
                guard let part = fields[field] else { continue }
                fields[field] = prune(
                    part, schema?.part(field), child, claimed: claimed?[name],
                    isDeclared: schema?.declares(field) ?? false)
            }
            return .object(fields)
        case .array(let elements) where !value.isAtomic(in: schema):
            return .array(
                elements.compactMap { element in
                    guard let node = ListElements.node(of: element, in: schema), let child = before[node] else {
                        return element
                    }
                    return prune(element, schema?.element, child, claimed: claimed?[node], isDeclared: false)
                })
        default: return value
        }
    }

    /// Whether the elements of all lists are told apart by their keys.
    static func hasSoundElements(_ value: JSONValue, _ schema: Schema?) -> Bool {
        switch value {
        case .object(let fields): return fields.allSatisfy { hasSoundElements($0.value, schema?.part($0.key)) }
        case .array(let elements) where !value.isAtomic(in: schema):
            let nodes = Set(elements.compactMap { ListElements.node(of: $0, in: schema) })
            return nodes.count == elements.count && elements.allSatisfy { hasSoundElements($0, schema?.element) }
        default: return true
        }
    }

    /// Elements of lists have to be told apart by their keys: tells the first that is not.
    static func checkElements(_ value: JSONValue, _ schema: Schema?, _ object: APIObject, _ path: String = "")
        throws(APIStatus)
    {
        switch value {
        case .object(let fields):
            for (field, part) in fields.sorted(by: { $0.key < $1.key }) {
                try checkElements(part, schema?.part(field), object, "\(path).\(field)")
            }
        case .array(let elements) where !value.isAtomic(in: schema):
            var seen: Set<String> = []
            for (index, element) in elements.enumerated() {
                guard let node = ListElements.node(of: element, in: schema) else {
                    throw refusal(
                        object,
                        "\(path): element \(index): associative list with keys has an element that omits key "
                            + "field \(missingKey(element, schema)) (and doesn't have default value)")
                }
                guard seen.insert(node).inserted else {
                    throw refusal(object, "\(path): duplicate entries for key \(FieldSet.text(of: [node]))")
                }
                try checkElements(element, schema?.element, object, path + FieldSet.text(of: [node]))
            }
        default: break
        }
    }

    private static func missingKey(_ element: JSONValue, _ schema: Schema?) -> String {
        guard case .list(_, .map(let keys, _))? = schema else { return "\"\"" }
        return keys.first { element[$0]?.isNull ?? true }.map { "\"\($0)\"" } ?? "\"\""
    }

    private static func refusal(_ object: APIObject, _ why: String) -> APIStatus {
        let name = object.namespace.isEmpty ? "/\(object.name)" : "\(object.namespace)/\(object.name)"
        return .badRequest(
            "failed to create typed patch object (\(name); \(object.apiVersion), Kind=\(object.kind)): \(why)")
    }
}
