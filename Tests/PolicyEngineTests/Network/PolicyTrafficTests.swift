import Addressing
import Glibc
import KubernetesModel
import Netlink
import NetworkNamespaces
import Nftables
import PolicyEngine
import Testing

@Suite(.serialized) struct PolicyTrafficTests {
    private static func policy(_ rest: String) throws -> APIObject {
        policyObject("p", try json(#"{"podSelector": {"matchLabels": {"app": "web"}}, \#(rest)}"#))
    }

    @Test(arguments: AddressFamily.allCases)
    func `packets pass or are stopped as the policies say`(family: AddressFamily) async throws {
        var policed = try await PolicedNode(family)
        let listeners = [
            try await TestSocket(listening: policed.pods[0], .tcp, family, port: 8080),
            try await TestSocket(listening: policed.pods[2], .tcp, family, port: 8080),
            try await TestSocket(listening: policed.outside, .tcp, family, port: 8080),
            try await TestSocket(listening: policed.node, .tcp, family, port: 8080),
        ]
        defer { _ = listeners.count }
        let web = policed.address(0)
        let (pods, outside, node) = (policed.pods, policed.outside, policed.node)
        #expect(try await policed.connects(from: pods[1], to: web), "no policy: pod to pod")
        #expect(try await policed.connects(from: outside, to: web), "no policy: outside to pod")

        let ingress = try Self.policy(
            #""ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "client"}}}], "ports": [{"port": "http"}]}]"#
        )
        try await policed.change { $0.feed(ingress) }
        #expect(try await policed.connects(from: pods[1], to: web), "the allowed pod")
        #expect(try await !policed.connects(from: pods[2], to: web), "another pod")
        #expect(try await !policed.connects(from: outside, to: web), "outside")
        #expect(try await policed.connects(from: node, to: web), "the pod's own node")
        #expect(try await policed.connects(from: pods[0], to: web), "the pod itself")
        #expect(try await policed.connects(from: pods[0], to: policed.address(2)), "egress is open")

        let block = family == .ipv4 ? "192.168.1.0/24" : "fd01::/64"
        let except = family == .ipv4 ? "192.168.1.10/32" : "fd01::10/128"
        let egress = try Self.policy(
            #"""
            "policyTypes": ["Egress"],
            "egress": [{"to": [{"ipBlock": {"cidr": "\#(block)", "except": ["\#(except)"]}}], "ports": [{"port": 8000, "endPort": 8080}]}]
            """#)
        try await policed.change { $0.feed(egress) }
        #expect(try await policed.connects(from: pods[2], to: web), "ingress is open again, replies pass")
        #expect(try await policed.connects(from: outside, to: web), "ingress is open again from outside")
        let outsideAddress = ip(family == .ipv4 ? "192.168.1.100" : "fd01::100")
        #expect(try await policed.connects(from: pods[0], to: outsideAddress), "the allowed block")
        #expect(try await !policed.connects(from: pods[0], to: policed.address(2)), "a pod out of the block")
        #expect(try await policed.connects(from: pods[0], to: ip(family == .ipv4 ? "192.168.1.10" : "fd01::10")))

        try await policed.change { $0.feed(podObject("default", "web", ["app": "free"], ["\(web)"])) }
        #expect(try await policed.connects(from: pods[0], to: policed.address(2)), "the label is gone")
        try await policed.change { $0.removePolicy(PolicyReference(name: "p")) }
        #expect(try await policed.connects(from: pods[2], to: web))
        try await policed.change { $0.removePod(PodReference(name: "web")) }
        #expect(try await !policed.connects(from: pods[2], to: web), "an address that no pod is known to have")
    }

    @Test(arguments: AddressFamily.allCases)
    func `a denial can be told to the sender`(family: AddressFamily) async throws {
        var policed = try await PolicedNode(family, PolicySettings(denial: .reject))
        let listener = try await TestSocket(listening: policed.pods[0], .tcp, family, port: 8080)
        defer { _ = listener.descriptor }
        let deny = try Self.policy(#""ingress": []"#)
        try await policed.change { $0.feed(deny) }
        let socket = try await TestSocket(in: policed.outside, .tcp, family)
        let number = socket.connect(to: SocketName(policed.address(0), 8080))
        #expect(number == EHOSTUNREACH || number == EACCES, "error \(number)")
    }

    @Test func `nft lists the rules with their policies`() async throws {
        var policed = try await PolicedNode(.ipv4)
        let policy = try Self.policy(
            #"""
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [{"from": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}, {"podSelector": {}}],
                         "ports": [{"port": 80, "endPort": 90}, {"protocol": "UDP"}, {"port": "http"}]}], "egress": [{}]
            """#)
        try await policed.change { $0.feed(policy) }
        let text = try policed.node.listRuleset()
        #expect(text.contains("comment \"default/p ingress[0]\""), "\(text)")
        #expect(text.contains("isolated for ingress by default/p"), "\(text)")
    }
}
