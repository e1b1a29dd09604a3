public import Addressing

/// A UDP flow as connection tracking has it (nfnetlink_conntrack.h CTA_TUPLE_*).
public struct UDPFlow: Hashable, Sendable {
    /// Where the client sends to (original direction).
    public let destination: IPAddress
    /// The port there.
    public let destinationPort: UInt16
    /// Who answers (reply direction): the endpoint where the destination is rewritten, else the destination itself.
    public let replySource: IPAddress
    /// The port there.
    public let replySourcePort: UInt16

    /// Describes a flow.
    public init(destination: IPAddress, destinationPort: UInt16, replySource: IPAddress, replySourcePort: UInt16) {
        self.destination = destination
        self.destinationPort = destinationPort
        self.replySource = replySource
        self.replySourcePort = replySourcePort
    }

    /// Whether the destination is rewritten.
    var isTranslated: Bool { destination != replySource || destinationPort != replySourcePort }
}
