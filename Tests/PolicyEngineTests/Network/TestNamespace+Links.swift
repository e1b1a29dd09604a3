import Addressing
import NetworkNamespaces
import Testing

@testable import Netlink

extension TestNamespace {
    /// A namespace with its loopback up that takes no setting for the network from the host.
    init(forwarding: Bool, filtersBridge: Bool) async throws {
        try await self.init()
        try await inside {
            let settings = [
                ("ipv4/ip_forward", forwarding ? "1" : "0"), ("ipv4/conf/all/rp_filter", "0"),
                ("ipv4/conf/default/rp_filter", "0"), ("ipv4/conf/all/send_redirects", "0"),
                ("ipv4/conf/default/send_redirects", "0"),
                // Every refusal is to be heard of.
                ("ipv4/icmp_ratemask", "0"), ("ipv6/icmp/ratemask", "0"), ("ipv6/conf/default/disable_ipv6", "0"),
                ("ipv6/conf/default/accept_dad", "0"), ("ipv6/conf/default/accept_ra", "0"),
                ("ipv6/conf/all/forwarding", forwarding ? "1" : "0"),
                ("bridge/bridge-nf-call-iptables", filtersBridge ? "1" : "0"),
                ("bridge/bridge-nf-call-ip6tables", filtersBridge ? "1" : "0"),
            ]
            for (name, value) in settings { try Sysctl.write("net/\(name)", value) }
            try RouteHandle().perform(.setLink("lo", up: true))
        }
    }

    /// Adds a bridge, and gives its index.
    func addBridge(_ name: String, number: UInt64) async throws -> Int32 {
        try await inside {
            try RouteHandle().perform(
                .addBridge(name: name, address: MACAddress(rawValue: 0x0200_0000_0000 + number), mtu: 1500))
            return try Self.index(of: name)
        }
    }

    /// Joins another namespace's eth0 to a bridge of this one.
    func join(_ other: TestNamespace, _ port: String, _ bridge: Int32, isHairpin: Bool) async throws {
        try await inside {
            let handle = try RouteHandle()
            try handle.perform(
                .addVeth(
                    near: VethEnd(name: port), master: bridge, far: VethEnd(name: "eth0"),
                    namespace: other.namespace.descriptor))
            // What a pod sends to itself through a Service goes out of the port that it came in by.
            if isHairpin { try handle.perform(.setBridgePort(port, hairpin: true)) }
        }
        try await other.inside { try RouteHandle().perform(.setLink("eth0", up: true)) }
    }

    func add(_ addresses: [InterfaceAddress], to link: String) async throws {
        try await inside {
            let index = try Self.index(of: link)
            try RouteHandle().perform(addresses.map { .add(Address(link: index, address: $0)) })
        }
    }

    /// Routes a range through eth0; without a gateway its addresses are on the link.
    func route(_ range: CIDR, via gateway: IPAddress?) async throws {
        try await inside {
            let hop = Route.NextHop(gateway: gateway, link: try Self.index(of: "eth0"))
            try RouteHandle().perform(.replace(Route(range, via: [hop])))
        }
    }

    func routeEverything(_ family: AddressFamily, via gateway: IPAddress?) async throws {
        try await route(try #require(CIDR(containing: .unspecified(family), prefixLength: 0)), via: gateway)
    }

    /// Has the kernel notice the carriers of all links, which it does by itself only later.
    func settleLinks() async throws {
        try await inside {
            let handle = try RouteHandle()
            let links = try handle.links(named: try handle.links().map(\.name))
            for link in links where link.name != "lo" {
                try #require(link.isOperational, "\(link.name) has no carrier")
            }
        }
    }

    private static func index(of link: String) throws -> Int32 {
        try #require(try RouteHandle().links().first { $0.name == link }, "no link \(link)").index
    }
}
