extension StrategicMergePatch {
    /// How a list takes a patch.
    private enum Strategy {
        case replace
        case primitives
        case elements(key: String)
    }

    private static func strategy(_ schema: Schema?) -> Strategy {
        switch schema {
        case .list(_, .set): .primitives
        case .list(_, .map(_, let key?)): .elements(key: key)
        default: .replace
        }
    }

    /// Merges a list by its strategy; merged elements come in the patch's order, the others keep theirs.
    static func mergeList(
        _ patch: [JSONValue], into original: [JSONValue], _ schema: Schema?, _ field: String
    ) throws(APIStatus) -> [JSONValue] {
        switch strategy(schema) {
        case .replace: return try patch.map { element throws(APIStatus) in try replacement(element) }
        case .primitives:
            return ordered(unique(original + patch), by: patch, before: original) { $0 }
        case .elements(let key):
            let (merged, changes) = try mergeElements(patch, into: original, schema, key, field)
            return ordered(merged, by: changes, before: original) { $0[key] ?? .null }
        }
    }

    /// An element of a list that is replaced; directives mean nothing there.
    private static func replacement(_ element: JSONValue) throws(APIStatus) -> JSONValue {
        guard case .object(let fields) = element, fields[directive] != nil else { return element }
        throw JSONPatch.unfit("delete patch type with no merge key defined")
    }

    /// Merges lists of objects. Returns the elements, and those of the patch that are no directives.
    private static func mergeElements(
        _ patch: [JSONValue], into original: [JSONValue], _ schema: Schema?, _ key: String, _ field: String
    ) throws(APIStatus) -> (merged: [JSONValue], changes: [JSONValue]) {
        var elements = original
        var changes: [JSONValue] = []
        var isReplaced = false
        for element in patch {
            guard case .object(let fields) = element else {
                throw JSONPatch.unfit(
                    "\(field): expected an object with \"\(key)\" as element, got \(element.typeName)")
            }
            switch fields[directive] {
            case nil: changes.append(element)
            case .string("replace"): isReplaced = true
            case .string("delete"):
                let value = try mergeValue(fields, key)
                elements.removeAll { $0[key] == value }
            case .string("merge"):
                var plain = fields
                plain[directive] = nil
                changes.append(.object(plain))
            case .some(let word): throw .badRequest("unknown patch type found: \(word.text.prefix(200))")
            }
        }
        if isReplaced { elements = [] }
        var places: [JSONValue: Int] = [:]
        for (place, element) in elements.enumerated() {
            if let value = element[key], places[value] == nil { places[value] = place }
        }
        for change in changes {
            guard case .object(let fields) = change else { continue }
            let value = try mergeValue(fields, key)
            guard let place = places[value] else {
                places[value] = elements.count
                elements.append(.object(try merge(fields, into: [:], schema?.element)))
                continue
            }
            let before = elements[place].takeFields()
            elements[place] = .object(try merge(fields, into: before, schema?.element))
        }
        return (elements, changes)
    }

    private static func mergeValue(_ fields: [String: JSONValue], _ key: String) throws(APIStatus) -> JSONValue {
        guard let value = fields[key] else {
            throw JSONPatch.unfit(
                "map: \(JSONValue.object(fields).text.prefix(200)) does not contain declared merge key: \(key)")
        }
        return value
    }

    /// Merges the lists whose order the patch tells with `$setElementOrder`, and takes them out of the patch.
    static func mergeOrderedLists(
        _ patch: inout [String: JSONValue], into fields: inout [String: JSONValue], _ schema: Schema?
    ) throws(APIStatus) {
        for (name, order) in patch where name.hasPrefix(orderPrefix) {
            let field = String(name.dropFirst(orderPrefix.count))
            patch[name] = nil
            guard case .array(let order) = order else {
                throw .badRequest("invalid patch format of setElementOrder list")
            }
            if let deletions = patch.removeValue(forKey: deletionPrefix + field) {
                fields[field] = try merge([deletionPrefix + field: deletions], into: fields, nil)[field]
            }
            let change = patch.removeValue(forKey: field)
            if let change, change.isNull {
                fields[field] = nil
                continue
            }
            let part = schema?.part(field)
            let original = fields[field]?.array ?? []
            if let change {
                guard case .array(let elements) = change else {
                    throw .badRequest("invalid patch format of setElementOrder list")
                }
                try check(order, covers: elements, part, field)
                fields[field] = .array(try mergeList(elements, into: original, part, field))
            }
            guard case .array(let merged)? = fields[field] else { continue }
            switch strategy(part) {
            case .replace: break
            case .primitives: fields[field] = .array(ordered(merged, by: order, before: original) { $0 })
            case .elements(let key):
                fields[field] = .array(ordered(merged, by: order, before: original) { $0[key] ?? .null })
            }
        }
    }

    /// Every element that a patch changes has to have its place in the order.
    private static func check(_ order: [JSONValue], covers patch: [JSONValue], _ schema: Schema?, _ field: String)
        throws(APIStatus)
    {
        if order.isEmpty { return }
        var identity: (JSONValue) -> JSONValue = { $0 }
        if case .elements(let key) = strategy(schema) { identity = { $0[key] ?? .null } }
        let placed = Set(order.map(identity))
        let missing = patch.first { element in
            element[directive]?.string != "delete" && element[directive]?.string != "replace"
                && !placed.contains(identity(element))
        }
        guard let missing else { return }
        throw .badRequest(
            "The order in patch list doesn't match \(orderPrefix)\(field) list: "
                + "\(identity(missing).text.prefix(200)) is missing in the latter")
    }

    /// Brings elements into an order: those that the patch names in its order, the others in the one they had, and each
    /// of these before the first named one that stood behind it.
    private static func ordered(
        _ elements: [JSONValue], by order: [JSONValue], before original: [JSONValue],
        _ identity: (JSONValue) -> JSONValue
    ) -> [JSONValue] {
        let places = firstPlaces(order.map(identity))
        let formerPlaces = firstPlaces(original.map(identity))
        func place(_ element: JSONValue, _ table: [JSONValue: Int]) -> Int { table[identity(element)] ?? .max }
        func sorted(_ elements: [JSONValue], _ table: [JSONValue: Int]) -> [JSONValue] {
            elements.enumerated().sorted {
                (place($0.element, table), $0.offset) < (place($1.element, table), $1.offset)
            }.map(\.element)
        }
        let named = sorted(elements.filter { places[identity($0)] != nil }, places)
        var others = sorted(elements.filter { places[identity($0)] == nil }, formerPlaces)[...]
        var result: [JSONValue] = []
        for element in named {
            let former = place(element, formerPlaces)
            while former != .max, let other = others.first, place(other, formerPlaces) < former {
                result.append(other)
                others.removeFirst()
            }
            result.append(element)
        }
        return result + others
    }

    private static func firstPlaces(_ identities: [JSONValue]) -> [JSONValue: Int] {
        Dictionary(identities.enumerated().map { ($1, $0) }) { first, _ in first }
    }

    private static func unique(_ elements: [JSONValue]) -> [JSONValue] {
        var seen: Set<JSONValue> = []
        return elements.filter { seen.insert($0).inserted }
    }
}
