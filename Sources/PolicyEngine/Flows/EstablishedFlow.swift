public import Addressing

/// A flow as connection tracking has it, by what it was after the rewriting of its destination and before that of its
/// source: the original source, and the source of the replies.
public struct EstablishedFlow: Hashable, Sendable {
    /// Who opened it: the original source.
    public let source: IPAddress
    /// Whom it was sent on to: the source of the replies.
    public let destination: IPAddress
    /// The IP protocol number.
    public let transport: UInt8
    /// The destination's own port, 0 where the protocol has none.
    public let port: UInt16

    /// Describes a flow.
    public init(source: IPAddress, destination: IPAddress, transport: UInt8, port: UInt16) {
        self.source = source
        self.destination = destination
        self.transport = transport
        self.port = port
    }
}
