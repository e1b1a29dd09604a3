@testable import Netlink

/// Stands in for the kernel: keeps what is sent, and answers from a script.
final class RecordedTransport: NetlinkTransport {
    /// A message of an answer; its sequence number counts from that of the datagram's first request.
    struct Answer {
        var type: UInt16
        var flags: UInt16 = 0
        var sequenceOffset: Int = 0
        var payload: [UInt8] = []

        /// NLMSG_ERROR; errno 0 acknowledges. `text` is the kernel's extended text (NLMSGERR_ATTR_MSG).
        static func error(_ errno: Int32, _ offset: Int, text: String? = nil) -> Answer {
            var payload = Bytes.of(-errno) + [UInt8](repeating: 0, count: 16)
            if let text {
                let value = Array(text.utf8) + [0]
                payload += Bytes.of(UInt16(4 + value.count)) + Bytes.of(UInt16(1)) + value
            }
            return Answer(type: 2, flags: text == nil ? 0x100 : 0x300, sequenceOffset: offset, payload: payload)
        }

        /// NLMSG_DONE with the dump's own result: 0 or a negative errno.
        static func done(_ result: Int32 = 0, flags: UInt16 = 2) -> Answer {
            Answer(type: 3, flags: flags, payload: Bytes.of(result))
        }
    }

    /// The datagrams that were sent.
    private(set) var sent: [[UInt8]] = []
    /// What each datagram sent is answered with, given the number of requests in it.
    private var script: [(Int) -> [[Answer]]]
    private var waiting: [[UInt8]] = []

    init(_ script: [(Int) -> [[Answer]]]) {
        self.script = script
    }

    /// The requests of a datagram that was sent.
    static func requests(_ datagram: [UInt8]) -> [ReceivedMessage] { ReceivedMessage.split(datagram[...]) }

    func send(_ datagram: [UInt8]) throws(NetlinkError) {
        sent.append(datagram)
        guard !script.isEmpty else { return }
        let requests = Self.requests(datagram)
        let first = requests.first?.sequence ?? 0
        waiting += script.removeFirst()(requests.count).map { answers in
            answers.flatMap { answer in
                let length = 16 + answer.payload.count
                let message =
                    Bytes.of(UInt32(length)) + Bytes.of(answer.type) + Bytes.of(answer.flags)
                    + Bytes.of(first &+ UInt32(truncatingIfNeeded: answer.sequenceOffset)) + Bytes.of(UInt32(4711))
                    + answer.payload
                return message + [UInt8](repeating: 0, count: (4 - length % 4) % 4)
            }
        }
    }

    func receive() throws(NetlinkError) -> ArraySlice<UInt8> {
        // The kernel would let the reader wait for ever; a test is to fail instead.
        guard !waiting.isEmpty else { throw NetlinkError(.socket(errno: 110)) }
        // Not at the start of its storage, as a slice of a buffer may be.
        return ([0xff, 0xff, 0xff] + waiting.removeFirst())[3...]
    }
}

/// Bytes as they lie in memory.
enum Bytes {
    static func of<Value: BitwiseCopyable>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: value) { Array($0) }
    }
}
