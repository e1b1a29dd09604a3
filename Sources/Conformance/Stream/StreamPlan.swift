import Addressing

/// A long flow that is to be carried out: from whom, to which address, and who may receive it.
struct StreamPlan: Sendable {
    let step: StreamStep
    /// What tells its packets from others.
    let token: ProbeToken
    let sender: Participant
    let destination: FlowDestination
    let dialled: Endpoint
    /// Where the suite's own servers listen.
    let receivers: [Receiver]
}

/// A message of a long flow: a word, the flow's token and the message's number, so that a capture shows which it is.
enum StreamMessage {
    static let length = 5 + ProbeToken.length + 8

    /// The bytes of a message.
    static func bytes(_ token: ProbeToken, _ number: Int) -> [UInt8] {
        Array("strm \(token)".utf8) + withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }
    }

    /// The number of the message at the beginning of some bytes; nil where there is none of this flow.
    static func number(in bytes: some Collection<UInt8>, _ token: ProbeToken) -> Int? {
        guard bytes.count >= length, bytes.starts(with: "strm \(token)".utf8) else { return nil }
        let digits = bytes.dropFirst(5 + ProbeToken.length).prefix(8)
        return Int(exactly: digits.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}

/// What became of a long flow as its sender saw it.
struct StreamRecord: Sendable {
    /// How many messages were sent.
    var sent = 0
    /// How many came back.
    var answered = 0
    /// The longest time in which nothing came back.
    var longestGap: Duration = .zero
    /// Why the connection ended before its time; nil where it did not, or where each message has its own.
    var broken: String?
    /// How many messages each receiver answered, by its place.
    var answers: [Int: Int] = [:]
    /// Trouble of the suite's own, which says nothing of the network.
    var failure: String?
}
