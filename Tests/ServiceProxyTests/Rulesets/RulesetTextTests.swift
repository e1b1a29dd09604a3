import ServiceProxy
import Testing

/// What a person sees who types `nft list ruleset` on a node, for one Service: 10.96.10.50:80 leads to :8080 of two pods.
@Suite("The rules as text")
struct RulesetTextTests {
    private var cluster: SampleCluster {
        SampleCluster(
            [service("web", ["10.96.10.50"], ports: [["name": "http", "port": 80, "targetPort": 8080]])],
            [
                slice(
                    [endpoint("10.244.1.5", on: "node1"), endpoint("10.244.2.7", on: "node2")],
                    ports: [["name": "http", "port": 8080]])
            ])
    }

    private func text(_ layout: ProxyLayout) throws -> [String] {
        let table = try #require(cluster.ruleset(layout).tables.first)
        return table.description.split(separator: "\n").map { line in line.drop { $0 == "\t" } }.map(String.init)
    }

    private func expect(_ lines: [String], in layout: ProxyLayout) throws {
        let text = try text(layout)
        var rest = text[...]
        for line in lines {
            guard let index = rest.firstIndex(of: line) else {
                Issue.record("no line \(line) behind the ones before in:\n\(text.joined(separator: "\n"))")
                return
            }
            rest = rest[(index + 1)...]
        }
    }

    @Test("on maps of data a Service is a few elements with its name")
    func dataMaps() throws {
        try expect(
            [
                "table ip lab-service-proxy {", "comment \"Services of the cluster, on node1\"",
                "set cluster-ips {", "10.96.10.50 comment \"default/web\"",
                "set hairpin {", "10.244.1.5 . 10.244.1.5 comment \"default/pod-10.244.1.5\"",
                "map cluster-endpoints-2 {",
                "type ipv4_addr . inet_proto . inet_service . mark : ipv4_addr . inet_service",
                "10.96.10.50 . tcp . 80 . 0x0 comment \"default/web:http\" : 10.244.1.5 . 8080,",
                "10.96.10.50 . tcp . 80 . 0x1 comment \"default/web:http\" : 10.244.2.7 . 8080",
                "chain cluster-policy {",
                "dnat ip to ip daddr . meta l4proto . th dport . numgen random mod 2 map @cluster-endpoints-2",
                "chain internal {",
                "ip saddr != 10.244.0.0/16 meta mark set meta mark | 0x4000 comment \"masquerade what is from no pod\"",
                "goto cluster-policy", "chain services {",
                "ip daddr . meta l4proto . th dport @external goto external", "ip daddr @cluster-ips goto internal",
                "chain prerouting-nat {", "type nat hook prerouting priority dstnat; policy accept;", "jump services",
            ], in: .dataMaps)
    }

    @Test("kube-proxy's layout has its chains, with its names")
    func chains() throws {
        try expect(
            [
                "table ip lab-service-proxy {", "set cluster-ips {", "10.96.10.50 comment \"default/web\"",
                "map service-ips {", "type ipv4_addr . inet_proto . inet_service : verdict",
                "10.96.10.50 . tcp . 80 comment \"default/web:http\" : goto service-SUSTUHLJ-default/web/tcp/http",
                "chain mark-for-masquerade {", "chain masquerading {", "masquerade fully-random",
                "chain services {", "ip daddr . meta l4proto . th dport vmap @service-ips",
            ], in: .chains)
        let text = try text(.chains)
        #expect(text.contains("chain service-SUSTUHLJ-default/web/tcp/http {"), "\(text.joined(separator: "\n"))")
    }

    @Test("names of chains are those that kube-proxy gives")
    func names() throws {
        // Hashes of `sha256sum | base32`.
        let cluster = SampleCluster(
            [service("svc1", ["10.96.10.50", "fd00:96::50"], ports: [["name": "p80", "port": 80]])],
            [
                slice([endpoint("10.180.0.1")], of: "svc1", ports: [["name": "p80", "port": 80]]),
                slice(
                    [endpoint("fd00::a:1")], name: "svc1-6", of: "svc1", type: "IPv6",
                    ports: [["name": "p80", "port": 80]]),
            ])
        let chains = cluster.ruleset(.chains).tables.flatMap(\.chains).map(\.name).filter { $0.contains("/") }
        for name in [
            "service-\(Self.serviceHash)-default/svc1/tcp/p80",
            "endpoint-\(Self.endpointHash)-default/svc1/tcp/p80__10.180.0.1/80",
            "endpoint-\(Self.endpoint6Hash)-default/svc1/tcp/p80__fd00..a.1/80",
        ] {
            #expect(chains.contains(name), "\(name) in \(chains)")
        }
    }

    private static let serviceHash = "KCPUUT4X"
    private static let endpointHash = "L6YJBR34"
    private static let endpoint6Hash = "OOP7CR7Y"
}
