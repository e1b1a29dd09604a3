internal import CLinux
internal import DNSMessage
internal import Glibc

/// One question on its way to others, and everybody who waits for the answer.
final class UpstreamExchange {
    typealias Instant = ContinuousClock.Instant

    let question: UpstreamQuestion
    /// The servers in the order in which they are asked.
    let servers: [UpstreamServer]
    let deadline: Instant
    var clients: [(question: ForwardedQuestion, client: ForwardClient)] = []
    /// How many times a server was asked.
    var attempts = 0
    /// Until when the server that is being asked may answer.
    var attemptDeadline: Instant
    /// What the last server that did not want to answer said.
    var failure: Message?

    /// The socket that is in use, or nil.
    var socket: UpstreamSocket?
    private(set) var id: UInt16 = 0
    private var output: [UInt8] = []
    private var input: [UInt8] = []

    init(_ question: UpstreamQuestion, servers: [UpstreamServer], deadline: Instant) {
        self.question = question
        self.servers = servers
        self.deadline = deadline
        attemptDeadline = deadline
    }

    /// The server whose turn it is.
    var server: UpstreamServer { servers[(attempts - 1) % servers.count] }

    /// A new query, with a number that cannot be guessed (RFC 5452, section 9.2).
    func makeQuery() -> [UInt8] {
        id = .random(in: .min ... .max)
        return Message(id: id, asking: question.question, edns: EDNS(payloadSize: UInt16(Reply.payloadSize))).encoded()
    }

    /// Prepares a query over TCP.
    func prepareStream() {
        let query = makeQuery()
        output = [UInt8(query.count >> 8), UInt8(query.count & 255)] + query
        input = []
    }

    /// Sends what is left of the query over TCP. False where the connection is broken.
    func flush(_ descriptor: Int32) -> Bool {
        while !output.isEmpty {
            let count = send(descriptor, output, output.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return errno == EAGAIN || errno == EINTR }
            output.removeFirst(count)
        }
        return true
    }

    var hasOutput: Bool { !output.isEmpty }

    enum Progress {
        case incomplete
        case message([UInt8])
        case broken
    }

    /// Reads an answer over TCP.
    func readStream(_ descriptor: Int32, through buffer: UnsafeMutableRawBufferPointer) -> Progress {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return .incomplete }
            guard count > 0 else { return .broken }
            input += buffer[..<count]
            guard input.count >= 2 else { continue }
            let length = Int(input[0]) << 8 | Int(input[1])
            if input.count >= 2 + length { return .message(Array(input[2..<2 + length])) }
        }
    }
}

/// A socket of the pool.
struct UpstreamSocket {
    let descriptor: Int32
    let isStream: Bool
}

/// Who waits for an answer of others.
enum ForwardClient {
    case datagram(socket: Int32, lab_datagram_ends)
    case stream(StreamConnection)
}
