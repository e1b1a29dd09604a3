/// What a probe carries so that it is known again wherever it turns up.
public struct ProbeToken: Hashable, Sendable, CustomStringConvertible {
    /// The number.
    public let value: UInt64

    /// Takes a number.
    public init(_ value: UInt64) {
        self.value = value
    }

    /// A token that no other probe has.
    static func random() -> ProbeToken { ProbeToken(.random(in: 1...UInt64.max)) }

    /// How many characters its text has.
    static let length = 16

    /// 16 hexadecimal digits.
    public var description: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: Self.length - digits.utf8.count) + digits
    }

    /// The initiate tag of an SCTP INIT (RFC 9260: not 0).
    var initiateTag: UInt32 { max(1, UInt32(truncatingIfNeeded: value)) }

    /// The first sequence number of a TCP connection. 0 would have the kernel choose one.
    var initialSequence: UInt32 { initiateTag }

    /// Reads 16 hexadecimal digits.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length, let value = UInt64(String(decoding: bytes, as: UTF8.self), radix: 16) else {
            return nil
        }
        self.value = value
    }
}
