internal import Addressing
internal import KubernetesModel

/// The names of chains and sets, as kube-proxy makes them: a prefix, eight letters of a hash, and what the chain is for, such
/// as `service-ULMVA6XW-ns1/svc1/tcp/p80`. Slashes are nowhere else in its names.
struct ChainName: Hashable, Sendable {
    /// What comes behind the prefix.
    private let base: String

    /// The longest name of a chain that nftables takes, less kube-proxy's room for a prefix.
    private static let longest = 256 - 16

    /// Names what belongs to a port.
    init(_ port: ServicePortName) {
        base = Self.hashed(Self.text(port))
    }

    /// Names what belongs to an endpoint of a port.
    init(_ port: ServicePortName, _ endpoint: EndpointTarget) {
        let address = String("\(endpoint.address)".map { $0 == ":" ? "." : $0 })
        base = Self.hashed("\(Self.text(port))__\(address)/\(endpoint.port)")
    }

    /// The port's endpoints for the traffic policy Cluster.
    var service: String { "service-" + base }
    /// The port's endpoints for the traffic policy Local.
    var local: String { "local-" + base }
    /// What comes to NodePorts, externalIPs and load balancers' addresses.
    var external: String { "external-" + base }
    /// The port's loadBalancerSourceRanges.
    var firewall: String { "firewall-" + base }
    /// The rewriting for an endpoint.
    var endpoint: String { "endpoint-" + base }
    /// The clients that an endpoint has.
    var affinity: String { "affinity-" + base }

    private static func text(_ port: ServicePortName) -> String {
        "\(port.service)/\(port.transport.rawValue.lowercased())/\(port.port)"
    }

    private static func hashed(_ text: String) -> String {
        let hash = SHA256.prefix(of: text)
        let letters = (0..<8).map { Self.alphabet[Int(hash >> (59 - 5 * UInt64($0)) & 31)] }
        let name = String(decoding: letters, as: UTF8.self) + "-" + text
        return name.utf8.count <= longest ? name : name.prefix(longest - 3) + "..."
    }

    /// Base 32 (RFC 4648).
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
}
