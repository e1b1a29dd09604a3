public import Addressing

/// What a record says.
public enum RecordData: Hashable, Sendable {
    /// An IPv4 address.
    case a(IPv4Address)
    /// An IPv6 address (RFC 3596).
    case aaaa(IPv6Address)
    /// The name that the record's own stands for.
    case cname(DomainName)
    /// A name server of the zone.
    case ns(DomainName)
    /// A name that the record's own leads to.
    case ptr(DomainName)
    /// The zone's start.
    case soa(StartOfAuthority)
    /// Where a service is.
    case srv(ServiceLocation)
    /// Texts; on the wire one of more than 255 bytes becomes several.
    case txt([[UInt8]])
    /// Any other type: its number and its data, in which names are uncompressed.
    case other(RecordType, [UInt8])

    /// The type.
    public var type: RecordType {
        switch self {
        case .a: .a
        case .aaaa: .aaaa
        case .cname: .cname
        case .ns: .ns
        case .ptr: .ptr
        case .soa: .soa
        case .srv: .srv
        case .txt: .txt
        case .other(let type, _): type
        }
    }
}

/// Who is responsible for a zone, and for how long its secondaries and resolvers may keep what (RFC 1035, section
/// 3.3.13; RFC 2308 for the minimum). Times are seconds.
public struct StartOfAuthority: Hashable, Sendable {
    /// The primary name server.
    public var primary: DomainName
    /// The mailbox of who is responsible, its @ written as a dot.
    public var mailbox: DomainName
    /// The version of the zone.
    public var serial: UInt32
    /// How often secondaries look for a new version.
    public var refresh: UInt32
    /// How soon they look again where that failed.
    public var retry: UInt32
    /// How long they answer without having reached the primary.
    public var expire: UInt32
    /// How long a resolver may remember that a name or type does not exist.
    public var minimum: UInt32

    /// Makes a start of authority.
    public init(
        primary: DomainName, mailbox: DomainName, serial: UInt32, refresh: UInt32, retry: UInt32, expire: UInt32,
        minimum: UInt32
    ) {
        self.primary = primary
        self.mailbox = mailbox
        self.serial = serial
        self.refresh = refresh
        self.retry = retry
        self.expire = expire
        self.minimum = minimum
    }
}

/// Where a service is to be found (RFC 2782).
public struct ServiceLocation: Hashable, Sendable {
    /// Lower ones are tried first.
    public var priority: UInt16
    /// The share among those of the same priority.
    public var weight: UInt16
    /// The port.
    public var port: UInt16
    /// The host.
    public var target: DomainName

    /// Makes a location.
    public init(priority: UInt16, weight: UInt16, port: UInt16, target: DomainName) {
        self.priority = priority
        self.weight = weight
        self.port = port
        self.target = target
    }
}
