internal import KubernetesModel
internal import Synchronization

/// The OpenAPI documents, as far as kubectl insists on them: version 3 for validation by the server and for `explain`,
/// version 2 for kubectl before 1.31. Each is made when somebody asks for it.
final class OpenAPIDocuments: Sendable {
    private let made = Mutex<[String: [UInt8]]>([:])

    /// `/openapi/v3`: where each version's document is.
    var index: [UInt8] {
        document("index") {
            let paths = Dictionary(
                uniqueKeysWithValues: Documents.apiVersions.map { version -> (String, JSONValue) in
                    let path = Self.path(of: version)
                    return (path, ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(Self.hash)")])
                })
            return JSONValue.object(["paths": .object(paths)]).bytes
        }
    }

    /// What tells versions of the documents apart for clients that keep them.
    private static let hash = "1"

    /// `/openapi/v3/apis/GROUP/VERSION`; nil where there is no such version.
    func version3(_ path: String) -> [UInt8]? {
        guard let apiVersion = Documents.apiVersions.first(where: { Self.path(of: $0) == path }) else { return nil }
        return document("v3/\(path)") { OpenAPIVersion3(apiVersion: apiVersion).document.bytes }
    }

    /// `/openapi/v2` as JSON.
    var version2: [UInt8] { document("v2") { OpenAPIVersion2.json.bytes } }

    /// `/openapi/v2` as protobuf.
    var version2Protobuf: [UInt8] { document("v2.pb") { OpenAPIVersion2.protobuf } }

    private static func path(of apiVersion: String) -> String {
        apiVersion.contains("/") ? "apis/\(apiVersion)" : "api/\(apiVersion)"
    }

    private func document(_ name: String, _ make: () -> [UInt8]) -> [UInt8] {
        made.withLock { made in
            if let found = made[name] { return found }
            let document = make()
            made[name] = document
            return document
        }
    }
}

extension RequestService {
    /// Protobuf of OpenAPI. kubectl asks for it with an @ in the name, and takes no answer with one: it is no media type.
    private static let protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

    /// OpenAPI.
    func openAPI(_ request: APIRequest) throws(APIStatus) -> Answer {
        guard request.method == .GET || request.method == .HEAD else { throw .methodNotAllowed }
        let ranges = MediaRange.list(request.headers["accept"])
        let takesJSON =
            ranges.isEmpty || ranges.contains { ["application/json", "application/*", "*/*"].contains($0.type) }
        let documents = documents.openAPI
        switch request.path.dropFirst().first {
        case "v2" where request.path.count == 2:
            // Whoever takes protobuf comes before those who take anything.
            if ranges.contains(where: { $0.type.contains("proto-openapi.spec.v2") && $0.type.hasSuffix("protobuf") }) {
                return .bytes(documents.version2Protobuf, type: Self.protobuf)
            }
            guard takesJSON else { throw .notAcceptable }
            return .bytes(documents.version2)
        case "v3":
            guard takesJSON else { throw .notAcceptable }
            if request.path.count == 2 { return .bytes(documents.index) }
            let path = request.path.dropFirst(2).joined(separator: "/")
            guard let document = documents.version3(path) else { throw .unknownPath }
            return .bytes(document)
        default: throw .unknownPath
        }
    }
}
