import NIOHTTP1

/// A response of the built-in server.
struct HTTPAnswer: Hashable, Sendable {
    var status: HTTPResponseStatus = .ok
    var contentType = "text/plain; charset=utf-8"
    var body: [UInt8]

    /// A sentence or a word.
    static func text(_ text: String, status: HTTPResponseStatus = .ok) -> HTTPAnswer {
        HTTPAnswer(status: status, body: Array(text.utf8))
    }

    /// A line of JSON.
    static func json(_ text: String) -> HTTPAnswer {
        HTTPAnswer(contentType: "application/json", body: Array(text.utf8))
    }

    /// Whether the status allows a body (RFC 9110, section 6.4.1).
    var mayHaveBody: Bool {
        ![.noContent, .notModified, .resetContent].contains(status)
    }
}
