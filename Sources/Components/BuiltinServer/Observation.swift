import Addressing
import Topology

/// The two ends of a packet or a connection, as the server's socket saw them.
struct ObservedFlow: Hashable, Sendable {
    var transport: Transport
    var source: IPAddress
    var sourcePort: UInt16
    var destination: IPAddress
    var destinationPort: UInt16

    /// What `/clientip` answers: `10.0.0.1:34567`, `[fd00::1]:34567`.
    var clientText: String { source.withPort(sourcePort) }
}

/// What the server saw of a request: the answer to `seen`.
struct Observation: Hashable, Sendable {
    var identity: WorkloadIdentity
    var flow: ObservedFlow
    /// What the client named its request.
    var id: String
    /// How many bytes the datagram or the request's body had.
    var length: Int

    /// One line of JSON.
    var json: String {
        JSONText.object([
            ("namespace", JSONText.string(identity.namespace)),
            ("pod", JSONText.string(identity.pod)),
            ("node", JSONText.string(identity.node)),
            ("container", JSONText.string(identity.container)),
            ("protocol", JSONText.string(flow.transport.rawValue)),
            ("source", JSONText.string(flow.source.description)),
            ("sourcePort", String(flow.sourcePort)),
            ("destination", JSONText.string(flow.destination.description)),
            ("destinationPort", String(flow.destinationPort)),
            ("id", JSONText.string(id)),
            ("length", String(length)),
        ])
    }
}
