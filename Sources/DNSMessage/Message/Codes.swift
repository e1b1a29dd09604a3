/// What a message is for (RFC 1035, section 4.1.1; IANA, DNS OpCodes).
public struct OperationCode: RawRepresentable, Hashable, Sendable {
    /// Four bits.
    public let rawValue: UInt8

    /// Takes the number; only its low four bits count.
    @inlinable public init(rawValue: UInt8) {
        self.rawValue = rawValue & 15
    }

    /// A question (0).
    public static let query = OperationCode(rawValue: 0)
    /// A question about the server's state (2).
    public static let status = OperationCode(rawValue: 2)
    /// A zone has changed (4, RFC 1996).
    public static let notify = OperationCode(rawValue: 4)
    /// A zone is to be changed (5, RFC 2136).
    public static let update = OperationCode(rawValue: 5)
}

/// How a question went (RFC 1035, section 4.1.1; RFC 6891 for those of more than four bits).
public struct ResponseCode: RawRepresentable, Hashable, Sendable {
    /// Twelve bits: the header's four, and eight of EDNS above them.
    public let rawValue: UInt16

    /// Takes the number; only its low twelve bits count.
    @inlinable public init(rawValue: UInt16) {
        self.rawValue = rawValue & 0xfff
    }

    /// NOERROR (0): the answer is what there is, be it nothing.
    public static let noError = ResponseCode(rawValue: 0)
    /// FORMERR (1): the message could not be understood.
    public static let formatError = ResponseCode(rawValue: 1)
    /// SERVFAIL (2): the server could not find out.
    public static let serverFailure = ResponseCode(rawValue: 2)
    /// NXDOMAIN (3): neither the name nor any below it exists.
    public static let nameError = ResponseCode(rawValue: 3)
    /// NOTIMP (4): the server does not do such things.
    public static let notImplemented = ResponseCode(rawValue: 4)
    /// REFUSED (5): the server does not want to.
    public static let refused = ResponseCode(rawValue: 5)
    /// BADVERS (16): the version of EDNS is not known.
    public static let badVersion = ResponseCode(rawValue: 16)
}

extension ResponseCode: CustomStringConvertible {
    /// The code as dig writes it.
    public var description: String {
        switch self {
        case .noError: "NOERROR"
        case .formatError: "FORMERR"
        case .serverFailure: "SERVFAIL"
        case .nameError: "NXDOMAIN"
        case .notImplemented: "NOTIMP"
        case .refused: "REFUSED"
        case .badVersion: "BADVERS"
        default: "RCODE\(rawValue)"
        }
    }
}
