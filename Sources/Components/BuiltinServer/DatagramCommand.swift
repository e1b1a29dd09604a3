import NIOCore

/// What a datagram asks of the server: the commands of agnhost netexec's UDP server, and `seen`.
///
/// As there, blanks around the datagram do not count and the command's letters may be of either case. The message
/// of `echo` comes back as it was sent, where agnhost lowers its letters: a probe compares what comes back with
/// what it sent. Anything else is not answered, as agnhost does not: two servers that answered what they do not
/// know would talk to each other for ever after one forged packet.
enum DatagramCommand: Equatable {
    case hostname
    case clientIP
    case echo(ByteBuffer)
    /// The request's id; the rest of the datagram, behind a blank or a NUL, is padding.
    case seen(id: String)
    case unknown

    /// The longest id, in bytes.
    static let longestID = 256

    /// Reads a datagram.
    init(_ datagram: ByteBuffer) {
        let trimmed = Self.trim(datagram)
        let bytes = trimmed.readableBytesView
        if Self.matches(bytes, "hostname") {
            self = .hostname
        } else if Self.matches(bytes, "clientip") {
            self = .clientIP
        } else if Self.matches(bytes.prefix(5), "echo ") {
            var message = trimmed
            message.moveReaderIndex(forwardBy: 5)
            self = .echo(message)
        } else if Self.matches(bytes.prefix(5), "seen "), let id = Self.id(in: bytes.dropFirst(5)) {
            self = .seen(id: id)
        } else {
            self = .unknown
        }
    }

    private static func id(in bytes: ByteBufferView) -> String? {
        let start = bytes.drop(while: isBlank)
        let id = start.prefix(longestID + 1).prefix { !isBlank($0) && $0 != 0 }
        guard (1...longestID).contains(id.count) else { return nil }
        return String(decoding: id, as: UTF8.self)
    }

    private static func trim(_ datagram: ByteBuffer) -> ByteBuffer {
        var trimmed = datagram
        let bytes = datagram.readableBytesView
        guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return ByteBuffer() }
        trimmed.moveWriterIndex(to: last + 1)
        trimmed.moveReaderIndex(to: first)
        return trimmed
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    private static func matches(_ bytes: some Collection<UInt8>, _ word: StaticString) -> Bool {
        word.withUTF8Buffer { word in
            bytes.count == word.count
                && zip(bytes, word).allSatisfy { byte, letter in
                    byte == letter || ((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) && byte | 0x20 == letter)
                }
        }
    }
}
