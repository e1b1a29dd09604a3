internal import DNSMessage

/// What a datagram or a message from a server that was asked is worth.
enum UpstreamAnswer: Hashable, Sendable {
    /// It belongs to no question of ours: to a late or a forged one. The answer may still come.
    case foreign
    /// There is more of it over TCP.
    case truncated
    /// The server says what there is.
    case answer(Message)
    /// The server cannot or does not want to say; another one may.
    case failure(Message)

    /// Judges what came from a server (RFC 5452, section 9.1): it has to be a response, with the question's number, of the
    /// same question. That it came from the server's address and port has the socket seen to, which is connected.
    init(_ bytes: [UInt8], to question: Question, id: UInt16) {
        guard let message = try? Message(decoding: bytes), message.isResponse, message.operation == .query,
            message.id == id, message.questions == [question]
        else {
            self = .foreign
            return
        }
        switch message.responseCode {
        case _ where message.isTruncated: self = .truncated
        case .noError, .nameError: self = .answer(message)
        default: self = .failure(message)
        }
    }
}
