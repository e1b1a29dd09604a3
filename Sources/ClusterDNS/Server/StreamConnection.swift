internal import CLinux
internal import Glibc

/// One TCP client: its bytes in and out. Each message has its length before it (RFC 1035, section 4.2.2).
final class StreamConnection {
    typealias Instant = ContinuousClock.Instant

    let descriptor: Int32
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    private var sent = 0
    /// How many of its questions others are being asked.
    var outstanding = 0
    /// The client sends no more.
    private(set) var hasEnded = false
    private(set) var isClosed = false
    private(set) var lastProgress: Instant
    private var messageStart: Instant?

    init(_ descriptor: Int32, at now: Instant) {
        self.descriptor = descriptor
        lastProgress = now
    }

    var hasOutput: Bool { sent < output.count }
    /// The client sends no more, and has got all that it asked for.
    var isDone: Bool { hasEnded && outstanding == 0 && !hasOutput }

    /// When it has to have made progress; nothing is expected of a client that waits for others.
    func deadline(_ limits: DNSServerLimits) -> Instant? {
        if hasOutput { return lastProgress + limits.idle }
        if let messageStart { return messageStart + limits.query }
        return outstanding > 0 ? nil : lastProgress + limits.idle
    }

    /// Reads what is there until so many bytes are waiting to be understood. False where the connection is broken.
    func read(through buffer: UnsafeMutableRawBufferPointer, upTo most: Int, at now: Instant) -> Bool {
        let room = min(most - input.count, buffer.count)
        guard room > 0 else { return true }
        let count = recv(descriptor, buffer.baseAddress, room, 0)
        if count > 0 {
            if input.isEmpty { messageStart = now }
            input += buffer[..<count]
            return true
        }
        if count == 0 { hasEnded = true }
        return count == 0 || errno == EAGAIN || errno == EINTR
    }

    enum Next {
        case message([UInt8])
        case incomplete
        /// Not a query's length.
        case unacceptable
    }

    /// Takes the next message out of what was read.
    func nextMessage(longest: Int, at now: Instant) -> Next {
        guard input.count >= 2 else { return .incomplete }
        let length = Int(input[0]) << 8 | Int(input[1])
        guard length > 0, length <= longest else { return .unacceptable }
        guard input.count >= 2 + length else { return .incomplete }
        let message = Array(input[2..<2 + length])
        input.removeFirst(2 + length)
        messageStart = input.isEmpty ? nil : now
        lastProgress = now
        return .message(message)
    }

    /// Sends a message, or as much of it as the client takes now. False where the connection is broken.
    func send(_ message: UnsafeRawBufferPointer, at now: Instant) -> Bool {
        output.append(UInt8(message.count >> 8))
        output.append(UInt8(message.count & 255))
        output += message
        return flush(at: now)
    }

    /// Sends what is left to be sent.
    func flush(at now: Instant) -> Bool {
        while hasOutput {
            let count = output.withUnsafeBytes { bytes in
                Glibc.send(
                    descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent,
                    Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            guard count > 0 else { return errno == EAGAIN || errno == EINTR }
            sent += count
            lastProgress = now
        }
        (output, sent) = ([], 0)
        return true
    }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        Glibc.close(descriptor)
    }
}
