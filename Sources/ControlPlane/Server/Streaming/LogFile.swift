internal import Glibc
internal import KubernetesModel
internal import NIOCore

/// A container's output, open for reading.
final class LogFile: Sendable {
    private let descriptor: Int32

    /// - Throws: `APIStatus` (500) where it cannot be opened.
    init(_ path: String) throws(APIStatus) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
            throw .internalError("open \(path): \(String(cString: strerror(errno)))")
        }
    }

    /// Takes a descriptor, which is closed with this.
    init(taking descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// The length in bytes, and when it was last written, in seconds since 1970.
    var state: (length: Int64, changed: Int64) {
        var found = stat()
        guard fstat(descriptor, &found) == 0 else { return (0, 0) }
        return (Int64(found.st_size), Int64(found.st_mtim.tv_sec))
    }

    /// The bytes from a place on; none at the end.
    ///
    /// - Throws: `APIStatus` (500) where they cannot be read.
    func read(at offset: Int64, count: Int) throws(APIStatus) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        var length = 0
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
            repeat {
                length = pread(descriptor, room.baseAddress, count, Int(offset))
            } while length < 0 && errno == EINTR
            return max(length, 0)
        }
        if length < 0 { throw .internalError("read the log: \(String(cString: strerror(errno)))") }
        return buffer
    }

    /// Where the last lines begin.
    func offset(ofLast lines: Int64, length: Int64) throws(APIStatus) -> Int64 {
        guard lines > 0 else { return length }
        var rest = lines
        var end = length
        while end > 0 {
            let count = min(end, 64 * 1024)
            let bytes = try read(at: end - count, count: Int(count)).readableBytesView
            // The newline at the very end ends the last line; it does not begin another.
            for (index, byte) in bytes.enumerated().reversed() where byte == UInt8(ascii: "\n") {
                let place = end - count + Int64(index)
                if place == length - 1 { continue }
                rest -= 1
                if rest == 0 { return place + 1 }
            }
            end -= count
        }
        return 0
    }
}

/// Reads what is wanted of a container's output, piece by piece.
struct LogReader {
    /// How often a file is looked at that somebody follows.
    private static let interval = Duration.milliseconds(100)

    private let file: LogFile
    private let follows: Bool
    private let pieceBytes: Int
    private let start: Result<Int64, APIStatus>
    private var position: Int64?
    private var rest: Int64

    init(_ file: LogFile, _ options: LogOptions, pieceBytes: Int) {
        self.file = file
        follows = options.follows
        self.pieceBytes = pieceBytes
        rest = options.limitBytes ?? .max
        let state = file.state
        if let seconds = options.sinceSeconds, state.changed < Int64(time(nil)) - seconds {
            // Lines have no time of their own: a file that is older as a whole has nothing to show.
            start = .success(state.length)
        } else if let lines = options.tailLines {
            start = Result { () throws(APIStatus) in try file.offset(ofLast: lines, length: state.length) }
        } else {
            start = .success(0)
        }
    }

    /// Reads everything, or what comes from now on, as long as the program lives.
    init(following file: LogFile, fromStart: Bool, pieceBytes: Int) {
        self.file = file
        follows = true
        self.pieceBytes = pieceBytes
        rest = .max
        start = .success(fromStart ? 0 : file.state.length)
    }

    /// The next bytes; nil at the end. Waits for more where the output is followed and its program lives.
    mutating func next(_ log: ContainerLog) async throws -> ByteBuffer? {
        var offset = try position ?? start.get()
        guard rest > 0 else { return nil }
        while true {
            // What is written before the program's end is read after it was seen to have ended.
            let isRunning = follows ? await log.isRunning() : false
            let bytes = try file.read(at: offset, count: Int(min(Int64(pieceBytes), rest)))
            if bytes.readableBytes > 0 {
                offset += Int64(bytes.readableBytes)
                rest -= Int64(bytes.readableBytes)
                position = offset
                return bytes
            }
            guard isRunning else { return nil }
            // Begin again with a file that was emptied.
            if file.state.length < offset { offset = 0 }
            try await Task.sleep(for: Self.interval)
        }
    }
}
