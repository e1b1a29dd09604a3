internal import KubernetesModel
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// What the server answers to a request.
struct Answer: Sendable {
    /// What follows the head.
    enum Content: Sendable {
        /// A body that is known as a whole.
        case whole(ByteBuffer)
        /// A body that is written piece by piece, each when the client has taken those before. Where it throws, the
        /// connection is cut.
        case pieces(isEndless: Bool, @Sendable (AnswerBody) async throws -> Void)
        /// Another protocol on the connection.
        case webSocket(@Sendable (NIOAsyncChannel<WebSocketFrame, WebSocketFrame>) async -> Void)
    }

    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    var content: Content

    init(_ status: HTTPResponseStatus, headers: HTTPHeaders, _ content: Content) {
        self.status = status
        self.headers = headers
        self.content = content
    }

    /// A JSON document.
    static func json(_ value: JSONValue, _ status: HTTPResponseStatus = .ok, type: String = "application/json")
        -> Answer
    {
        Answer(status, headers: ["Content-Type": type], .whole(ByteBuffer(bytes: value.bytes)))
    }

    /// Bytes that are ready.
    static func bytes(_ bytes: [UInt8], _ status: HTTPResponseStatus = .ok, type: String = "application/json") -> Answer
    {
        Answer(status, headers: ["Content-Type": type], .whole(ByteBuffer(bytes: bytes)))
    }

    /// A plain text.
    static func text(_ text: String, _ status: HTTPResponseStatus = .ok) -> Answer {
        Answer(status, headers: ["Content-Type": "text/plain; charset=utf-8"], .whole(ByteBuffer(string: text)))
    }

    /// A refusal.
    static func refusal(_ status: APIStatus) -> Answer {
        var answer = json(status.value, HTTPResponseStatus(statusCode: status.code))
        if status.code == 401 { answer.headers.add(name: "WWW-Authenticate", value: "Bearer realm=\"lab\"") }
        if let seconds = status.details?.retryAfterSeconds {
            answer.headers.add(name: "Retry-After", value: String(seconds))
        }
        return answer
    }

    /// A body that is written piece by piece and ends by itself.
    static func pieces(
        type: String = "application/json", _ write: @escaping @Sendable (AnswerBody) async throws -> Void
    ) -> Answer {
        Answer(.ok, headers: ["Content-Type": type], .pieces(isEndless: false, write))
    }

    /// A body that goes on as long as something happens.
    static func stream(
        type: String = "application/json", _ write: @escaping @Sendable (AnswerBody) async throws -> Void
    ) -> Answer {
        Answer(.ok, headers: ["Content-Type": type], .pieces(isEndless: true, write))
    }

    /// Sentences for the person at the client, one header field each (RFC 7234, code 299).
    func with(warnings: [String]) -> Answer {
        var answer = self
        for warning in warnings {
            let text = warning.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : $0.isNewline ? " " : String($0) }.joined()
            answer.headers.add(name: "Warning", value: "299 - \"\(text)\"")
        }
        return answer
    }
}

/// Takes the pieces of an answer's body.
struct AnswerBody: Sendable {
    let eventLoop: any EventLoop
    let connection: NIOLoopBound<ConnectionHandler>

    /// Writes a piece and returns when the client has room for more.
    ///
    /// - Throws: where the connection has ended.
    func write(_ piece: ByteBuffer) async throws {
        guard piece.readableBytes > 0 else { return }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            eventLoop.execute { connection.value.write(piece, continuation) }
        }
    }
}
