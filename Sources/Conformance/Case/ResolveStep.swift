/// A step that asks for a name and judges the answer.
public struct ResolveStep: Hashable, Sendable {
    /// How it is asked.
    public enum Way: Hashable, Sendable {
        /// As a program does, through the C library in the pod: its resolver configuration and its hosts file count.
        case library
        /// By a query to a name server.
        case query(NameQueryOptions)
    }

    /// Who asks.
    public var from: [ParticipantSelector]
    /// The name, or an address whose name is wanted (type PTR); with placeholders.
    public var name: String
    /// The type of record; nil: addresses of either family, which the C library finds.
    public var type: String?
    /// How it is asked.
    public var way: Way
    /// What has to be answered.
    public var expectation: NameExpectation
    /// For how long the step is repeated until it is met; nil: it is carried out once.
    public var settle: Duration?
    /// Where the step stands in its file.
    public var keyPath: String
}

/// How a name server is asked.
public struct NameQueryOptions: Hashable, Sendable {
    /// Whether over TCP.
    public var isOverTCP: Bool
    /// The largest answer that is taken over UDP, as EDNS tells it; nil: without EDNS, and so 512 bytes.
    public var payloadSize: UInt16?
    /// The server, with placeholders; nil: the pod's own first one.
    public var server: String?
}

/// What has to be answered.
public enum NameExpectation: Hashable, Sendable {
    /// This.
    case answer(ExpectedAnswer)
    /// What belongs to the profile's answer to a question.
    case profile(String, [String: ExpectedAnswer])
}

/// An answer to a question for a name. What is nil is not looked at.
public struct ExpectedAnswer: Hashable, Sendable {
    /// The response code, such as NOERROR or NXDOMAIN, of which one has to come; of queries only.
    public var codes: [String] = []
    /// The records, such as `A 10.96.0.10`, in any order; `*` stands for any word.
    public var records: [String]?
    /// How many records there are.
    public var count: Int?
    /// Whether the answer is cut off (TC).
    public var isTruncated: Bool?
    /// The most bytes of the answer.
    public var longest: Int?
    /// For how many seconds the records may be kept.
    public var timeToLive: ClosedRange<Int>?
    /// Whether the zone's SOA tells for how long nothing is there (RFC 2308).
    public var hasAuthority: Bool?
}
