import Addressing

/// The bytes that probes are made of.
enum ProbeMessage {
    /// The HTTP request of a TCP probe.
    static func request(_ flow: Flow) -> [UInt8] {
        let host = flow.family == .ipv6 ? "[\(flow.dialled.address)]" : "\(flow.dialled.address)"
        return Array("GET /seen?id=\(flow.token) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
    }

    /// The payload of a UDP probe or a ping: a word, the token, and padding up to the size.
    static func datagram(_ flow: Flow, size: Int?) -> [UInt8] {
        let text = Array("\(flow.isEchoed ? "echo" : "seen") \(flow.token)".utf8)
        guard let size, size > text.count else { return text }
        return text + [UInt8(ascii: " ")] + [UInt8](repeating: UInt8(ascii: "."), count: size - text.count - 1)
    }

    /// The token of a request's payload, as much of it as was captured; nil where it is no request of a probe.
    static func token(in payload: ArraySlice<UInt8>) -> ProbeToken? {
        for prefix in prefixes where payload.starts(with: prefix) {
            return ProbeToken(payload.dropFirst(prefix.count).prefix(ProbeToken.length))
        }
        return nil
    }

    private static let prefixes = ["seen ", "echo ", "GET /seen?id="].map { Array($0.utf8) }

    /// An ICMP or ICMPv6 echo request. The kernel fills in ICMPv6's checksum, which covers the addresses.
    static func echoRequest(_ flow: Flow, identifier: UInt16, size: Int?) -> [UInt8] {
        var bytes: [UInt8] = [flow.family == .ipv4 ? 8 : 128, 0, 0, 0]
        bytes += [UInt8(identifier >> 8), UInt8(truncatingIfNeeded: identifier), 0, 1]
        bytes += datagram(flow, size: size)
        guard flow.family == .ipv4 else { return bytes }
        var sum = bytes.enumerated().reduce(UInt32(0)) {
            $0 + ($1.offset.isMultiple(of: 2) ? UInt32($1.element) << 8 : UInt32($1.element))
        }
        while sum >> 16 != 0 { sum = sum & 0xffff + sum >> 16 }
        let checksum = ~UInt16(truncatingIfNeeded: sum)
        bytes[2] = UInt8(checksum >> 8)
        bytes[3] = UInt8(truncatingIfNeeded: checksum)
        return bytes
    }
}
