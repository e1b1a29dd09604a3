/// An answer of a lab's API server, whose body is read as it comes.
public final class APIAnswer {
    /// The HTTP status.
    public let code: Int
    /// Sentences for the person at the client (Warning header fields).
    public let warnings: [String]

    private let connection: UnixConnection
    private var buffer: [UInt8] = []
    /// What of the buffer was taken.
    private var start = 0
    private var framing: Framing

    /// How the end of the body is known.
    private enum Framing: Equatable {
        case length(Int)
        case chunks(left: Int, isFirst: Bool)
        case connection
        case ended
    }

    init(_ connection: UnixConnection) throws(StateError) {
        self.connection = connection
        var buffer: [UInt8] = []
        let lines = try Self.head(connection, &buffer)
        guard let status = lines.first?.split(separator: " "), status.count >= 2, let code = Int(status[1]) else {
            throw StateError("understand", "the lab's API", reason: "its answer is no HTTP")
        }
        self.code = code
        self.buffer = buffer
        let fields = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (line[..<colon].lowercased(), String(value))
        }
        func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
        warnings = fields.filter { $0.name == "warning" }.compactMap { Self.sentence($0.value) }
        if field("transfer-encoding")?.lowercased() == "chunked" {
            framing = .chunks(left: 0, isFirst: true)
        } else {
            framing = field("content-length").flatMap { Int($0) }.map { .length($0) } ?? .connection
        }
    }

    /// Reads to the end of the head.
    private static func head(_ connection: UnixConnection, _ buffer: inout [UInt8]) throws(StateError) -> [String] {
        let end: [UInt8] = [13, 10, 13, 10]
        var searched = 0
        while true {
            if let place = (searched..<max(searched, buffer.count - 3)).first(where: {
                buffer[$0..<$0 + 4].elementsEqual(end)
            }) {
                let text = String(decoding: buffer[..<place], as: UTF8.self)
                buffer.removeSubrange(..<(place + 4))
                return text.split(separator: "\r\n").map(String.init)
            }
            searched = max(0, buffer.count - 3)
            let more = try connection.read()
            guard !more.isEmpty, buffer.count < 1 << 20 else {
                throw StateError("hear from", "the lab's API", reason: "it ended the connection")
            }
            buffer += more
        }
    }

    /// The sentence of `299 - "sentence"`.
    private static func sentence(_ warning: String) -> String? {
        guard let open = warning.firstIndex(of: "\""), let close = warning.lastIndex(of: "\""), open < close else {
            return nil
        }
        let quoted = String(warning[warning.index(after: open)..<close])
        return quoted.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
    }

    // MARK: The body

    /// Waits for the next piece of the body, as it comes; nil at its end.
    ///
    /// - Throws: `StateError` where the connection ends before the body.
    public func next() throws(StateError) -> [UInt8]? {
        switch framing {
        case .ended: return nil
        case .connection:
            let piece = try available(Int.max, mayEnd: true)
            return piece.isEmpty ? nil : piece
        case .length(let left):
            guard left > 0 else { return nil }
            let piece = try available(left)
            framing = .length(left - piece.count)
            return piece
        case .chunks(let left, let isFirst):
            var left = left
            if left == 0 {
                if !isFirst { _ = try line() }
                let size = try line().prefix { $0 != ";" }
                guard let count = Int(size, radix: 16), count >= 0 else {
                    throw StateError("understand", "the lab's API", reason: "its answer is no HTTP")
                }
                left = count
            }
            guard left > 0 else {
                framing = .ended
                return nil
            }
            let piece = try available(left)
            framing = .chunks(left: left - piece.count, isFirst: false)
            return piece
        }
    }

    /// The whole of the body that has not been read.
    public func rest() throws(StateError) -> [UInt8] {
        var all: [UInt8] = []
        while let piece = try next() { all += piece }
        return all
    }

    /// The next line of the body, without its end; nil at the body's end. What `next` gives is not told again.
    public func nextLine() throws(StateError) -> [UInt8]? {
        while true {
            if let end = pending[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(pending[..<end])
                pending.removeSubrange(...end)
                scanned = 0
                return line
            }
            scanned = pending.count
            guard let piece = try next() else {
                guard !pending.isEmpty else { return nil }
                defer { (pending, scanned) = ([], 0) }
                return pending
            }
            pending += piece
        }
    }

    private var pending: [UInt8] = []
    private var scanned = 0

    /// What there is, at least a byte and at most so many.
    private func available(_ count: Int, mayEnd: Bool = false) throws(StateError) -> [UInt8] {
        if start == buffer.count {
            (buffer, start) = (try connection.read(), 0)
            guard mayEnd || !buffer.isEmpty else { throw Self.cut }
        }
        let end = count < buffer.count - start ? start + count : buffer.count
        defer { start = end }
        return Array(buffer[start..<end])
    }

    /// A line of the framing.
    private func line() throws(StateError) -> String {
        var bytes: [UInt8] = []
        while bytes.count < 1000 {
            let byte = try available(1)
            if byte.first == UInt8(ascii: "\n") {
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
                return String(decoding: bytes, as: UTF8.self)
            }
            bytes += byte
        }
        throw StateError("understand", "the lab's API", reason: "its answer is no HTTP")
    }

    private static let cut = StateError(
        "hear from", "the lab's API", reason: "the answer was cut off; the supervisor may have ended")
}
