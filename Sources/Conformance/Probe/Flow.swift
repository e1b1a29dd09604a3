public import Addressing

/// One probe: from whom, to whom, and how.
public struct Flow: Hashable, Sendable {
    /// Its number in the case, from 1.
    public var number: Int
    /// What tells its packets from those of all others of the run: 16 hexadecimal digits.
    public var token: ProbeToken
    /// Who sends.
    public var sender: Participant
    /// Who is to receive.
    public var receiver: Participant
    /// The container that is to answer; nil where none can.
    public var container: String?
    /// With what.
    public var kind: ProbeProtocol
    /// The address that is dialled.
    public var dialled: Endpoint
    /// The address that the receiver is to see as its own: another one than the dialled only with a hostPort.
    public var arrival: Endpoint
    /// How large the probe is.
    public var size: ProbeSize?
    /// Whether routers may not fragment it.
    public var dontFragment = false
    /// Whether it is to come back whole.
    public var isEchoed = false

    /// The family.
    public var family: AddressFamily { dialled.address.family }
    /// Whether sender and receiver share a network namespace.
    public var isLocal: Bool { sender.networkNamespace == receiver.networkNamespace }
    /// Whether the probe has to pass from one node to another.
    public var isBetweenNodes: Bool { sender.node != nil && receiver.node != nil && sender.node != receiver.node }
    /// Whether an answer belongs to it. An SCTP INIT is judged by its arrival: the receiver may not speak SCTP.
    public var hasAnswer: Bool { if case .sctp = kind { false } else { true } }
}

extension Flow: CustomStringConvertible {
    /// `pod/default/pod-a > pod/default/pod-b tcp/8080 IPv4`
    public var description: String {
        let dial = dialled == arrival ? "" : " through \(dialled)"
        return "\(sender.name) > \(receiver.name) \(kind)\(dial) \(family)"
    }
}

/// An address with a port; 0 where the protocol has none.
public struct Endpoint: Hashable, Sendable {
    /// The address.
    public var address: IPAddress
    /// The port, in host order.
    public var port: UInt16

    /// Pairs an address and a port.
    public init(_ address: IPAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }
}

extension Endpoint: CustomStringConvertible {
    /// The text for reports and messages.
    public var description: String { port == 0 ? "\(address)" : address.withPort(port) }
}

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

    /// Reads 16 hexadecimal digits.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length, let value = UInt64(String(decoding: bytes, as: UTF8.self), radix: 16) else {
            return nil
        }
        self.value = value
    }
}
