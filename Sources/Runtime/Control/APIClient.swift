internal import Glibc
public import KubernetesModel

/// A client of a lab's API server over its Unix socket: one request at a time, each on a connection of its own.
public struct APIClient: Sendable {
    /// What tables of `kubectl get` are asked for with.
    public static let table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"

    private let directory: LabDirectory

    /// A client of a lab; nothing is opened.
    public init(_ directory: LabDirectory) {
        self.directory = directory
    }

    /// Sends a request and waits for the head of its answer.
    ///
    /// - Parameters:
    ///   - path: the path, its parts joined by slashes as they are to be sent.
    ///   - query: parameters, which are encoded here.
    ///   - body: a JSON document, or nil.
    /// - Throws: `APIStatus` where the server refuses, `StateError` where there is none or it goes away.
    public func send(
        _ path: String, method: String = "GET", query: [(name: String, value: String)] = [],
        accept: String = "application/json", body: [UInt8]? = nil
    ) throws -> APIAnswer {
        guard let connection = UnixConnection(directory.apiSocket) else {
            throw StateError(
                "reach", "the API of \(directory.lab)",
                reason: "no supervisor is running; lab up with the lab's file starts it")
        }
        let parameters = query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
        let target = parameters.isEmpty ? path : path + "?" + parameters.joined(separator: "&")
        var head = "\(method) \(target) HTTP/1.1\r\nHost: lab\r\nUser-Agent: lab\r\nAccept: \(accept)\r\n"
        head += "Connection: close\r\n"
        if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
        do throws(StateError) {
            try connection.write(Array((head + "\r\n").utf8))
            if let body { try connection.write(body) }
        } catch {
            // A server that refuses a long body answers before it has read it.
            guard error.cause?.errno == EPIPE else { throw error }
        }
        let answer = try APIAnswer(connection)
        guard answer.code >= 400, !(answer.code == 422 && path.hasPrefix("/lab/")) else { return answer }
        throw try Self.refusal(answer)
    }

    /// The document that the server answers with.
    ///
    /// - Throws: as `send`, and `StateError` where it is no JSON.
    public func document(
        _ path: String, method: String = "GET", query: [(name: String, value: String)] = [],
        accept: String = "application/json", body: [UInt8]? = nil
    ) throws -> JSONValue {
        let answer = try send(path, method: method, query: query, accept: accept, body: body)
        return try Self.tree(try answer.rest())
    }

    private static func tree(_ bytes: [UInt8]) throws(StateError) -> JSONValue {
        do throws(JSONError) { return try JSONValue(parsing: bytes) } catch {
            throw StateError("understand", "the lab's API", reason: "\(error)")
        }
    }

    private static func refusal(_ answer: APIAnswer) throws -> APIStatus {
        let body = try answer.rest()
        guard let value = try? JSONValue(parsing: body), let status = APIStatus(value) else {
            return APIStatus(
                code: answer.code, reason: "Unknown", message: String(decoding: body.prefix(1000), as: UTF8.self))
        }
        return status
    }

    /// A text with everything but letters, digits and `-._~` as %XX (RFC 3986).
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return encoded
    }
}

extension ResourceType {
    /// The path of the kind's objects, or of one of them.
    public func path(namespace: String?, name: String? = nil, subresource: String? = nil) -> String {
        var parts = group.isEmpty ? ["api", version] : ["apis", group, version]
        if isNamespaced, let namespace { parts += ["namespaces", APIClient.encoded(namespace)] }
        parts.append(plural)
        if let name { parts.append(APIClient.encoded(name)) }
        if let subresource { parts.append(subresource) }
        return "/" + parts.joined(separator: "/")
    }
}
