internal import NIOCore

/// A frame of SPDY/3.1, as far as port-forward has them.
enum SPDYFrame: Sendable, Hashable {
    /// A new stream, with its header fields.
    case open(stream: UInt32, headers: [String: String])
    /// Bytes of a stream; the last ones where the sender writes no more.
    case data(stream: UInt32, ByteBuffer, isLast: Bool)
    /// A stream that is given up.
    case reset(stream: UInt32)
    case ping(id: UInt32)
    /// The connection's end.
    case goAway
    /// What needs no answer.
    case other
}

/// Puts bytes together to frames.
struct SPDYReader {
    /// Why bytes are no frames.
    enum Failure: Error { case tooLong, headers }

    /// The most bytes of a control frame.
    private static let largestControl = 128 * 1024

    private var received = ByteBuffer()
    private var headers = SPDYHeaders()
    /// The rest of a data frame of which the head was read.
    private var open: (stream: UInt32, rest: Int, isLast: Bool)?

    /// Takes bytes.
    mutating func append(_ bytes: ByteBuffer) {
        received.discardReadBytes()
        received.writeImmutableBuffer(bytes)
    }

    /// The next frame; nil where it is not there as a whole. A data frame comes in the pieces in which it arrives.
    mutating func next() throws -> SPDYFrame? {
        if let open { return nextData(open) }
        guard let first: UInt32 = received.getInteger(at: received.readerIndex),
            let second: UInt32 = received.getInteger(at: received.readerIndex + 4)
        else { return nil }
        let (flags, length) = (UInt8(second >> 24), Int(second & 0xff_ffff))
        if first & 0x8000_0000 == 0 {
            received.moveReaderIndex(forwardBy: 8)
            return nextData((first, length, flags & 1 != 0))
        }
        guard length <= Self.largestControl else { throw Failure.tooLong }
        guard received.readableBytes >= 8 + length else { return nil }
        received.moveReaderIndex(forwardBy: 8)
        guard let body = received.readSlice(length: length) else { return nil }
        return try control(type: first & 0xffff, flags: flags, body)
    }

    private mutating func nextData(_ frame: (stream: UInt32, rest: Int, isLast: Bool)) -> SPDYFrame? {
        let bytes = received.readSlice(length: min(frame.rest, received.readableBytes)) ?? ByteBuffer()
        let rest = frame.rest - bytes.readableBytes
        open = rest > 0 ? (frame.stream, rest, frame.isLast) : nil
        if rest > 0, bytes.readableBytes == 0 { return nil }
        return .data(stream: frame.stream, bytes, isLast: rest == 0 && frame.isLast)
    }

    private mutating func control(type: UInt32, flags: UInt8, _ body: ByteBuffer) throws -> SPDYFrame {
        var body = body
        let id = (body.readInteger() as UInt32? ?? 0)
        switch type {
        case 1:
            body.moveReaderIndex(forwardBy: min(6, body.readableBytes))
            return .open(stream: id & 0x7fff_ffff, headers: try headers.read(body.readableBytesView))
        case 2, 8:
            // Their header fields say nothing here, but those of later frames may refer to them.
            _ = try headers.read(body.readableBytesView)
            return .other
        case 3: return .reset(stream: id & 0x7fff_ffff)
        case 6: return .ping(id: id)
        case 7: return .goAway
        default: return .other
        }
    }
}

/// Makes frames.
struct SPDYWriter {
    private var headers = SPDYHeaders()

    /// Agrees to a stream.
    mutating func reply(stream: UInt32) -> ByteBuffer {
        let block = headers.writeNone()
        return Self.control(type: 2, length: 4 + block.count) {
            $0.writeInteger(stream)
            $0.writeBytes(block)
        }
    }

    /// Gives up a stream.
    static func reset(stream: UInt32) -> ByteBuffer {
        control(type: 3, length: 8) { $0.writeMultipleIntegers(stream, UInt32(5)) }
    }

    /// Answers a ping.
    static func ping(id: UInt32) -> ByteBuffer { control(type: 6, length: 4) { $0.writeInteger(id) } }

    /// Bytes of a stream.
    static func data(stream: UInt32, _ bytes: ByteBuffer, isLast: Bool) -> ByteBuffer {
        var frame = ByteBufferAllocator().buffer(capacity: 8 + bytes.readableBytes)
        frame.writeMultipleIntegers(stream, (isLast ? 1 : 0) << 24 | UInt32(bytes.readableBytes))
        frame.writeImmutableBuffer(bytes)
        return frame
    }

    private static func control(type: UInt32, length: Int, _ body: (inout ByteBuffer) -> Void) -> ByteBuffer {
        var frame = ByteBufferAllocator().buffer(capacity: 8 + length)
        frame.writeMultipleIntegers(0x8003_0000 | type, UInt32(length))
        body(&frame)
        return frame
    }
}
