import Addressing
import KubernetesModel
import Topology

/// One end of a flow as it is written: `POD`, `NAMESPACE/POD`, `node/NAME`, `host/NAME`, `service/NAME` or an address.
enum FlowEnd: Hashable {
    case pod(PodReference)
    case node(String)
    case host(String)
    case service(namespace: String, name: String)
    case address(IPAddress)

    /// - Parameter namespace: that of names which have none.
    /// - Throws: `Failure` for anything that is no name.
    init(_ text: String, namespace: String) throws {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        if let address = IPAddress(bare) {
            self = .address(address)
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count), let name = parts.last, NameRule.subdomain.permits(name) else {
            throw Failure("'\(text)' is no pod, and none of \(Self.forms)", status: Exit.usage)
        }
        switch parts.count == 1 ? "pod" : parts[0] {
        case "pod", "pods", "po": self = .pod(PodReference(namespace: namespace, name: name))
        case "node", "nodes", "no": self = .node(name)
        case "host", "hosts": self = .host(name)
        case "service", "services", "svc": self = Self.service(name, namespace)
        case let other where NameRule.label.permits(other):
            self = .pod(PodReference(namespace: other, name: name))
        default: throw Failure("'\(text)' is no pod, and none of \(Self.forms)", status: Exit.usage)
        }
    }

    static let forms = "NAMESPACE/POD, node/NAME, host/NAME, service/NAME, service/NAME.NAMESPACE or an address"

    /// A Service's name has no dots, so what follows one is its namespace, as in its DNS name.
    private static func service(_ name: String, _ namespace: String) -> FlowEnd {
        guard let dot = name.firstIndex(of: ".") else { return .service(namespace: namespace, name: name) }
        return .service(namespace: String(name[name.index(after: dot)...]), name: String(name[..<dot]))
    }
}

/// A place with its port, as it is written: `backend:8080`, `[fd00::1]:80`, `shop/web:53/udp`.
struct FlowDestination: Hashable {
    let end: FlowEnd
    let port: UInt16
    let transport: TransportProtocol

    /// - Throws: `Failure` where the port is missing or none.
    init(_ text: String, namespace: String) throws {
        var rest = text[...]
        var transport = TransportProtocol.tcp
        for candidate in TransportProtocol.allCases {
            let suffix = "/\(candidate.rawValue.lowercased())"
            if rest.lowercased().hasSuffix(suffix) {
                transport = candidate
                rest = rest.dropLast(suffix.count)
            }
        }
        guard let colon = rest.lastIndex(of: ":"), let port = UInt16(rest[rest.index(after: colon)...]), port > 0 else {
            throw Failure(
                "'\(text)' has no port: write it as in backend:8080, [fd00::1]:80 or dns:53/udp", status: Exit.usage)
        }
        self.port = port
        self.transport = transport
        end = try FlowEnd(String(rest[..<colon]), namespace: namespace)
    }
}
