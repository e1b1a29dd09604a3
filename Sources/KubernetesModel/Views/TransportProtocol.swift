/// What a port speaks (core/v1 Protocol).
public enum TransportProtocol: String, Hashable, Sendable, CaseIterable {
    case tcp = "TCP"
    case udp = "UDP"
    case sctp = "SCTP"

    /// Reads the API's name; TCP where none is given or it is unknown.
    public init(_ value: JSONValue?) {
        self = value?.string.flatMap { TransportProtocol(rawValue: $0) } ?? .tcp
    }
}
