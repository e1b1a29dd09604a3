/// A message of the DNS (RFC 1035, section 4).
public struct Message: Hashable, Sendable {
    /// What tells the answer to one question from the answer to another.
    public var id: UInt16
    /// Whether this is an answer (QR).
    public var isResponse = false
    /// What the message is for.
    public var operation: OperationCode = .query
    /// Whether the sender is an authority for the name that was asked for (AA).
    public var isAuthoritative = false
    /// Whether something was left out because the message would have been too long (TC).
    public var isTruncated = false
    /// Whether the server is asked to ask others (RD).
    public var recursionDesired = false
    /// Whether the server asks others where it is asked to (RA).
    public var recursionAvailable = false
    /// Whether all data were verified by DNSSEC (AD, RFC 4035).
    public var isAuthenticData = false
    /// Whether data that were not verified are welcome (CD, RFC 4035).
    public var isCheckingDisabled = false
    /// How the question went. Codes above 15 need `edns`.
    public var responseCode: ResponseCode = .noError
    /// What is asked for: one question in every query of practice.
    public var questions: [Question] = []
    /// The answer.
    public var answers: [ResourceRecord] = []
    /// Who is an authority for it.
    public var authorities: [ResourceRecord] = []
    /// What may be of use with it; the OPT pseudo-record is in `edns`.
    public var additionals: [ResourceRecord] = []
    /// The OPT pseudo-record, or nil.
    public var edns: EDNS?

    /// Makes a message without any record.
    public init(id: UInt16) {
        self.id = id
    }

    /// A question to a server.
    public init(
        id: UInt16, asking question: Question, recursionDesired: Bool = true, edns: EDNS? = EDNS(payloadSize: 1232)
    ) {
        self.init(id: id)
        self.recursionDesired = recursionDesired
        questions = [question]
        self.edns = edns
    }

    /// The length of a header in bytes.
    public static let headerLength = 12
    /// The most bytes of a message, which TCP's length field can tell.
    public static let longest = 65_535
    /// The most bytes over UDP where the client does not say that it takes more.
    public static let longestWithoutEDNS = 512
}
