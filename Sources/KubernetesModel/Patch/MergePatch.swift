/// An object that is laid over another one: null removes a field, anything but an object replaces it (RFC 7396,
/// `application/merge-patch+json`).
public enum MergePatch {
    /// Lays a patch over an object of the API.
    ///
    /// - Throws: `APIStatus` (400) where the patch is no object, which would replace the whole of it.
    public static func apply(_ patch: JSONValue, to document: JSONValue) throws(APIStatus) -> JSONValue {
        guard case .object = patch else { throw .badRequest("Invalid JSON Patch") }
        return merged(patch, into: document)
    }

    /// RFC 7396's MergePatch, for patches of any shape.
    static func merged(_ patch: JSONValue, into target: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var fields = target.object ?? [:]
        for (field, change) in changes {
            fields[field] = change.isNull ? nil : merged(change, into: fields[field] ?? .null)
        }
        return .object(fields)
    }
}
