/// The type of a record or what a question asks for (IANA, DNS parameters, resource record types).
public struct RecordType: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt16

    /// Takes the number.
    @inlinable public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// An IPv4 address (1).
    public static let a = RecordType(rawValue: 1)
    /// A name server of a zone (2).
    public static let ns = RecordType(rawValue: 2)
    /// The name that this one stands for (5).
    public static let cname = RecordType(rawValue: 5)
    /// The start of a zone of authority (6).
    public static let soa = RecordType(rawValue: 6)
    /// A name, most often of an address (12).
    public static let ptr = RecordType(rawValue: 12)
    /// Texts (16).
    public static let txt = RecordType(rawValue: 16)
    /// An IPv6 address (28).
    public static let aaaa = RecordType(rawValue: 28)
    /// Where a service is: host and port (33, RFC 2782).
    public static let srv = RecordType(rawValue: 33)
    /// The pseudo-record of EDNS (41, RFC 6891).
    public static let opt = RecordType(rawValue: 41)
    /// An incremental transfer of a zone, in questions only (251).
    public static let ixfr = RecordType(rawValue: 251)
    /// A transfer of a zone, in questions only (252).
    public static let axfr = RecordType(rawValue: 252)
    /// Whatever there is, in questions only (255, RFC 8482).
    public static let any = RecordType(rawValue: 255)
}

extension RecordType: CustomStringConvertible {
    /// The type's name, or `TYPE` and its number (RFC 3597, section 5).
    public var description: String {
        switch self {
        case .a: "A"
        case .ns: "NS"
        case .cname: "CNAME"
        case .soa: "SOA"
        case .ptr: "PTR"
        case .txt: "TXT"
        case .aaaa: "AAAA"
        case .srv: "SRV"
        case .opt: "OPT"
        case .ixfr: "IXFR"
        case .axfr: "AXFR"
        case .any: "ANY"
        default: "TYPE\(rawValue)"
        }
    }
}

/// The class of a record or a question. Only the Internet's is in use.
public struct RecordClass: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: UInt16

    /// Takes the number.
    @inlinable public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The Internet (1).
    public static let internet = RecordClass(rawValue: 1)
    /// Chaosnet (3): servers tell their version and name there.
    public static let chaos = RecordClass(rawValue: 3)
    /// Any class, in questions only (255).
    public static let any = RecordClass(rawValue: 255)
}

extension RecordClass: CustomStringConvertible {
    /// `IN`, `CH`, `ANY`, or `CLASS` and the number.
    public var description: String {
        switch self {
        case .internet: "IN"
        case .chaos: "CH"
        case .any: "ANY"
        default: "CLASS\(rawValue)"
        }
    }
}
