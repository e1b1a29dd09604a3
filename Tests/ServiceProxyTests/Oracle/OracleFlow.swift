import Addressing
import KubernetesModel

/// A flow that is to be opened.
struct OracleFlow: Sendable {
    let source: Party
    let target: FlowTarget
    /// The client's port, by which packets are told from those of other flows.
    let port: UInt16

    var description: String {
        "\(source.name) port \(port) to \(target)"
            + (source.place == .outside ? ", routed through \(source.node)" : "")
    }
}

/// What happened to a flow, as its client knows.
enum ObservedFlow: Hashable {
    /// An endpoint answered, with its own address and what it saw as its peer's.
    case answered(by: SocketName, seen: SocketName)
    case refused
    /// Another error number.
    case failed(Int32)
}

extension ObservedFlow: CustomStringConvertible {
    var description: String {
        switch self {
        case .answered(let endpoint, let seen): "answered by \(endpoint), which saw \(seen)"
        case .refused: "refused"
        case .failed(let number): SocketFailure(call: "failed", number: number).description
        }
    }
}

/// A packet that opens a flow, as it came in at a pod.
struct Arrival: Hashable, CustomStringConvertible {
    let transport: TransportProtocol
    let source: SocketName
    let destination: SocketName

    var description: String { "\(source) -> \(destination)/\(transport.rawValue)" }
}
