/// A merge patch that knows the kind: lists of elements with keys are merged element by element
/// (`application/strategic-merge-patch+json`), as `kubectl apply`, `patch` and `edit` send it.
///
/// Directives: `$patch: replace | delete | merge` in an object or as a list's element, `$retainKeys` beside an object's
/// fields, `$deleteFromPrimitiveList/FIELD` and `$setElementOrder/FIELD` beside a list.
public enum StrategicMergePatch {
    static let directive = "$patch"
    static let retainKeys = "$retainKeys"
    static let deletionPrefix = "$deleteFromPrimitiveList/"
    static let orderPrefix = "$setElementOrder/"

    /// Lays a patch over an object. Of fields that the schema does not know, objects are merged and lists replaced.
    ///
    /// - Throws: `APIStatus`: 400 where the patch or one of its directives is malformed, 422 where it cannot be merged.
    public static func apply(_ patch: JSONValue, to document: JSONValue, schema: ObjectSchema) throws(APIStatus)
        -> JSONValue
    {
        guard case .object(let changes) = patch else {
            throw .badRequest(
                "json: cannot unmarshal \(patch.typeName) into Go value of type map[string]interface {}")
        }
        return .object(try merge(changes, into: document.object ?? [:], .object(schema)))
    }

    static func merge(_ patch: [String: JSONValue], into original: [String: JSONValue], _ schema: Schema?)
        throws(APIStatus) -> [String: JSONValue]
    {
        var changes = patch
        var fields = original
        switch changes.removeValue(forKey: directive) {
        case nil, .string("merge"): break
        case .string("replace"): fields = [:]
        case .string("delete"): return [:]
        case .some(let word): throw .badRequest("unknown patch type found: \(word.text.prefix(200))")
        }
        if let keys = changes.removeValue(forKey: retainKeys) { try retain(keys, changes, &fields) }
        try mergeOrderedLists(&changes, into: &fields, schema)
        for (field, change) in changes {
            if field.hasPrefix(deletionPrefix) {
                try deletePrimitives(change, String(field.dropFirst(deletionPrefix.count)), from: &fields)
            } else if change.isNull {
                fields[field] = nil
            } else {
                fields[field] = try merge(change, into: fields[field], schema?.part(field), field)
            }
        }
        return fields
    }

    /// Merges one value. What is not there yet is taken from the patch, without its directives and nulls.
    private static func merge(_ patch: JSONValue, into original: JSONValue?, _ schema: Schema?, _ field: String)
        throws(APIStatus) -> JSONValue
    {
        switch patch {
        case .object(let changes):
            return .object(try merge(changes, into: original?.object ?? [:], schema))
        case .array(let elements):
            return .array(try mergeList(elements, into: original?.array ?? [], schema, field))
        default: return patch
        }
    }

    /// `$retainKeys`: of the fields that are there, only these stay.
    private static func retain(
        _ keys: JSONValue, _ changes: [String: JSONValue], _ fields: inout [String: JSONValue]
    ) throws(APIStatus) {
        guard case .array(let elements) = keys else { throw .badRequest("invalid patch format of retainKeys") }
        let kept = Set(elements.compactMap(\.string))
        let named = changes.keys.map { field in
            [orderPrefix, deletionPrefix].first(where: field.hasPrefix).map { String(field.dropFirst($0.count)) }
                ?? field
        }
        guard kept.count == elements.count, named.allSatisfy(kept.contains) else {
            throw .badRequest("invalid patch format of retainKeys")
        }
        fields = fields.filter { kept.contains($0.key) }
    }

    /// `$deleteFromPrimitiveList`: the list loses these elements.
    private static func deletePrimitives(
        _ deletions: JSONValue, _ field: String, from fields: inout [String: JSONValue]
    ) throws(APIStatus) {
        guard case .array(let elements) = deletions else {
            throw .badRequest("invalid patch format of primitive list")
        }
        guard case .array(let list)? = fields[field] else { return }
        let gone = Set(elements)
        fields[field] = .array(list.filter { !gone.contains($0) })
    }
}
