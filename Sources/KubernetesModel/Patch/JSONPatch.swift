/// A list of changes, each at a place of the document (RFC 6902, `application/json-patch+json`).
public enum JSONPatch {
    /// The most operations that are taken, as the API server has it.
    static let largestCount = 10_000
    /// The bytes that all copies of a patch may add up to, so that a document cannot be doubled again and again.
    static let largestCopy = 3 << 20
    /// The bytes that may be moved about.
    static let largestMove = 64 << 20

    /// Carries out a patch, all of it or nothing.
    ///
    /// - Throws: `APIStatus`: 400 where the patch itself is malformed, 413 where it is too large, 422 where it does not
    ///   fit the document or a test fails.
    public static func apply(_ patch: JSONValue, to document: JSONValue) throws(APIStatus) -> JSONValue {
        guard case .array(let elements) = patch else {
            throw .badRequest("json: cannot unmarshal \(patch.typeName) into Go value of type jsonpatch.Patch")
        }
        guard elements.count <= largestCount else {
            throw tooLarge(
                "The allowed maximum operations in a JSON patch is \(largestCount), got \(elements.count)")
        }
        var operations: [JSONPatchOperation] = []
        for element in elements { operations.append(try JSONPatchOperation(element)) }
        var patcher = JSONPatcher(document: document)
        for operation in operations { try patcher.carryOut(operation) }
        return patcher.document
    }

    /// 413: more than is taken.
    static func tooLarge(_ message: String) -> APIStatus {
        APIStatus(code: 413, reason: "RequestEntityTooLarge", message: "Request entity too large: \(message)")
    }

    /// 422: the patch does not fit the document.
    static func unfit(_ why: String) -> APIStatus {
        APIStatus(
            code: 422, reason: "Invalid",
            message: "the server rejected our request due to an error in our request: \(why)",
            details: APIStatus.Details())
    }
}

/// One change of a JSON patch.
enum JSONPatchOperation {
    case add(JSONPointer, JSONValue)
    case remove(JSONPointer)
    case replace(JSONPointer, JSONValue)
    case move(from: JSONPointer, to: JSONPointer)
    case copy(from: JSONPointer, to: JSONPointer)
    case test(JSONPointer, JSONValue)

    init(_ element: JSONValue) throws(APIStatus) {
        guard case .object(let fields) = element else {
            throw .badRequest("json: cannot unmarshal \(element.typeName) into Go value of type jsonpatch.Operation")
        }
        let word = fields["op"]?.string ?? "unknown"
        func pointer(_ field: String) throws(APIStatus) -> JSONPointer {
            guard let text = fields[field]?.string else {
                throw .badRequest("\(word) operation has no \"\(field)\" that is a string")
            }
            return try JSONPointer(parsing: text)
        }
        func value() throws(APIStatus) -> JSONValue {
            guard let value = fields["value"] else { throw .badRequest("\(word) operation has no \"value\"") }
            return value
        }
        switch word {
        case "add": self = .add(try pointer("path"), try value())
        case "remove": self = .remove(try pointer("path"))
        case "replace": self = .replace(try pointer("path"), try value())
        case "move": self = .move(from: try pointer("from"), to: try pointer("path"))
        case "copy": self = .copy(from: try pointer("from"), to: try pointer("path"))
        case "test": self = .test(try pointer("path"), try value())
        default: throw .badRequest("Unexpected kind: \(word.prefix(200))")
        }
    }
}
