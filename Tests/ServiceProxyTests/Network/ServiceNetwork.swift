import Addressing
import Netlink
import NetworkNamespaces
import Testing

/// A node with two pods, and a client outside the cluster whose default route is the node.
///
///     client .100 --- .10 node .1 --- .5 pod-a     10.244.1.0/24  fd00:10:244:1::/64
///            192.168.1.0/24  fd01::/64  .1 --- .5 pod-b     10.244.2.0/24  fd00:10:244:2::/64
struct ServiceNetwork: Sendable {
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
            // Every refusal is to be heard of.
            try Sysctl.write("net/ipv4/icmp_ratemask", "0")
            try Sysctl.write("net/ipv6/icmp/ratemask", "0")
            try RouteHandle().perform(.setLink("lo", up: true))
        }
        try await join(client, clientAddress, "veth101", nodeAddress)
        try await join(podA, podAddress(1), "veth102", gateway(1))
        try await join(podB, podAddress(2), "veth103", gateway(2))
        // What the node itself sends to a Service's address has to have a route to be rewritten at all.
        let everything = try #require(CIDR(containing: .unspecified(family), prefixLength: 0))
        let gateway = clientAddress
        try await node.inside {
            let index = try Self.index(of: "veth101")
            try RouteHandle().perform(
                .replace(Route(everything, via: [Route.NextHop(gateway: gateway, link: index)])))
        }
    }

    var clientAddress: IPAddress { ip(family == .ipv4 ? "192.168.1.100" : "fd01::100") }
    var nodeAddress: IPAddress { ip(family == .ipv4 ? "192.168.1.10" : "fd01::10") }
    func podAddress(_ number: Int) -> IPAddress {
        ip(family == .ipv4 ? "10.244.\(number).5" : "fd00:10:244:\(number)::5")
    }
    /// The node's address on a pod's link.
    func gateway(_ number: Int) -> IPAddress {
        ip(family == .ipv4 ? "10.244.\(number).1" : "fd00:10:244:\(number)::1")
    }

    /// A veth between the node and another namespace, whose default route is the node's address.
    private func join(
        _ other: TestNamespace, _ address: IPAddress, _ port: String, _ nodeAddress: IPAddress
    ) async throws {
        let prefixLength = family == .ipv4 ? 24 : 64
        let everything = try #require(CIDR(containing: .unspecified(family), prefixLength: 0))
        let near = VethEnd(name: port)
        let far = VethEnd(name: "eth0")
        try await node.inside {
            try RouteHandle().perform(
                .addVeth(near: near, master: nil, far: far, namespace: other.namespace.descriptor))
        }
        let pair = try #require(InterfaceAddress(address, prefixLength: prefixLength))
        try await other.inside {
            try RouteHandle().perform([.setLink("lo", up: true), .setLink("eth0", up: true)])
            let index = try Self.index(of: "eth0")
            try RouteHandle().perform([
                .add(Address(link: index, address: pair)),
                .replace(Route(everything, via: [Route.NextHop(gateway: nodeAddress, link: index)])),
            ])
        }
        let nodePair = try #require(InterfaceAddress(nodeAddress, prefixLength: prefixLength))
        try await node.inside {
            let index = try Self.index(of: port)
            try RouteHandle().perform(.add(Address(link: index, address: nodePair)))
        }
    }

    private static func index(of link: String) throws -> Int32 {
        try #require(try RouteHandle().links().first { $0.name == link }).index
    }
}
