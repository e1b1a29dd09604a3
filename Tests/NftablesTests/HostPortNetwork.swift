import Addressing
import Netlink
import NetworkNamespaces
import Nftables
import Testing

/// A node between a client and two pods, with forwarding on and no addresses translated yet.
///
///     client .100 --- .10 .11 .12 node .1 --- .5 pod-a     10.244.1.0/24  fd00:1::/64
///            192.168.1.0/24  fd01::/64  .1 --- .5 pod-b     10.244.2.0/24  fd00:2::/64
struct HostPortNetwork: Sendable {
    let family: AddressFamily
    let client: TestNamespace
    let node: TestNamespace
    let podA: TestNamespace
    let podB: TestNamespace

    init(_ family: AddressFamily) async throws {
        self.family = family
        client = try await TestNamespace()
        node = try await TestNamespace()
        podA = try await TestNamespace()
        podB = try await TestNamespace()
        try await node.inside {
            try Sysctl.write("net/ipv4/ip_forward", "1")
            try Sysctl.write("net/ipv6/conf/all/forwarding", "1")
            try RouteHandle().perform(.setLink("lo", up: true))
        }
        let nodeAddresses = try ["10", "11", "12"].map(underlay)
        try await join(client, try underlay("100"), "veth101", nodeAddresses)
        try await join(podA, try pod(1, "5"), "veth102", [try pod(1, "1")])
        try await join(podB, try pod(2, "5"), "veth103", [try pod(2, "1")])
    }

    func underlay(_ host: String) throws -> IPAddress {
        try ip(family == .ipv4 ? "192.168.1.\(host)" : "fd01::\(host)")
    }

    func pod(_ subnet: Int, _ host: String) throws -> IPAddress {
        try ip(family == .ipv4 ? "10.244.\(subnet).\(host)" : "fd00:\(subnet)::\(host)")
    }

    /// A veth between the node and another namespace, whose default route is the node's first address.
    private func join(
        _ other: TestNamespace, _ address: IPAddress, _ port: String, _ nodeAddresses: [IPAddress]
    ) async throws {
        let prefixLength = family == .ipv4 ? 24 : 64
        let everything = try #require(CIDR(containing: .unspecified(family), prefixLength: 0))
        let near = VethEnd(name: port)
        let far = VethEnd(name: "eth0")
        try await node.inside {
            try RouteHandle().perform(
                .addVeth(near: near, master: nil, far: far, namespace: other.namespace.descriptor))
        }
        let gateway = nodeAddresses.first
        let pair = try #require(InterfaceAddress(address, prefixLength: prefixLength))
        try await other.inside {
            try RouteHandle().perform([.setLink("lo", up: true), .setLink("eth0", up: true)])
            let index = try Self.index(of: "eth0")
            try RouteHandle().perform([
                .add(Address(link: index, address: pair)),
                .replace(Route(everything, via: [Route.NextHop(gateway: gateway, link: index)])),
            ])
        }
        let pairs = try nodeAddresses.map { try #require(InterfaceAddress($0, prefixLength: prefixLength)) }
        try await node.inside {
            let index = try Self.index(of: port)
            try RouteHandle().perform(pairs.map { .add(Address(link: index, address: $0)) })
        }
    }

    private static func index(of link: String) throws -> Int32 {
        try #require(try RouteHandle().links().first { $0.name == link }).index
    }

    /// TCP 8080 goes to another pod on each of two addresses and to a third port on all others; UDP and SCTP 8080 to
    /// ports of their own.
    func mappings() throws -> [HostPortMapping] {
        func mapping(_ host: String?, _ number: UInt8, _ pod: IPAddress, _ port: UInt16) throws -> HostPortMapping {
            HostPortMapping(
                hostIP: try host.map(underlay), hostPort: 8080, protocolNumber: number, podAddress: pod, podPort: port,
                comment: "default/\(pod)")
        }
        let (podA, podB) = (try pod(1, "5"), try pod(2, "5"))
        return [
            try mapping("10", 6, podA, 80), try mapping("11", 6, podB, 80), try mapping(nil, 6, podB, 81),
            try mapping(nil, 17, podA, 5353), try mapping(nil, 132, podA, 90),
        ]
    }
}
