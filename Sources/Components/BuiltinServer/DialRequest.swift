import Addressing
import Topology

/// What `/dial` is to do: the parameters of agnhost netexec's endpoint, with `tcp` for its `sctp`.
struct DialRequest: Hashable, Sendable {
    /// What is spoken with the peer.
    enum Conversation: String, Sendable {
        /// GET of the path `/request`; the reply is the response's body, whatever its status.
        case http
        /// A datagram; the reply is the first datagram that comes back.
        case udp
        /// The request's bytes and the end of the stream; the reply is all that comes until the peer ends it too.
        case tcp

        /// What the socket speaks.
        var transport: Transport { self == .udp ? .udp : .tcp }
    }

    /// Why a dial is not made.
    struct Malformed: Error, Hashable {
        var sentence: String
    }

    var host: IPAddress
    var port: UInt16
    var conversation: Conversation
    var request: [UInt8]
    var tries: Int

    /// Reads the parameters `host` (an address), `port`, `protocol` (http unless told), `request` and `tries` (1 unless
    /// told).
    init(_ query: QueryString, mostTries: Int) throws(Malformed) {
        guard let host = query.text("host").flatMap(Self.address) else {
            throw Malformed(sentence: "parameter 'host' must be an IP address")
        }
        guard let port = query.text("port").flatMap(UInt16.init), port > 0 else {
            throw Malformed(sentence: "parameter 'port' must be a number from 1 to 65535")
        }
        guard let conversation = Self.conversation(query.text("protocol") ?? "") else {
            throw Malformed(sentence: "parameter 'protocol' must be http, udp or tcp")
        }
        guard let request = query.bytes("request"), !request.isEmpty else {
            throw Malformed(sentence: "parameter 'request' is not specified")
        }
        guard let tries = Self.tries(query.text("tries") ?? ""), (1...mostTries).contains(tries) else {
            throw Malformed(sentence: "parameter 'tries' must be a number from 1 to \(mostTries)")
        }
        self.host = host
        self.port = port
        self.conversation = conversation
        self.request = request
        self.tries = tries
    }

    private static func address(_ text: String) -> IPAddress? {
        guard text.hasPrefix("["), text.hasSuffix("]") else { return IPAddress(text) }
        guard case .v6(let address) = IPAddress(text.dropFirst().dropLast()) else { return nil }
        return .v6(address)
    }

    private static func conversation(_ text: String) -> Conversation? {
        text.isEmpty ? .http : Conversation(rawValue: text.lowercased())
    }

    private static func tries(_ text: String) -> Int? {
        text.isEmpty ? 1 : Int(text)
    }
}

/// What came of a dial.
struct DialResult: Hashable, Sendable {
    /// The replies, in order.
    var responses: [String] = []
    /// Why the other tries have none.
    var errors: [String] = []

    /// The answer's body. Both members are always there.
    var json: String {
        JSONText.object([
            ("responses", JSONText.array(responses.map(JSONText.string))),
            ("errors", JSONText.array(errors.map(JSONText.string))),
        ])
    }
}
