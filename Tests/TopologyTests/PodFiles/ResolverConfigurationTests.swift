import Addressing
import KubernetesModel
import Testing
import Topology

@Suite("The resolver configuration of pods")
struct ResolverConfigurationTests {
    private let cluster: ClusterResolver
    private let node = ResolverConfiguration(
        text: "nameserver 192.168.1.2\nsearch corp.test.\noptions rotate ndots:2\n")

    init() throws {
        cluster = ClusterResolver(domain: "cluster.local", nameServers: [try #require(IPAddress("10.96.0.10"))])
    }

    private func text(
        _ spec: JSONValue, hostNetwork: Bool = false, node: ResolverConfiguration = ResolverConfiguration()
    ) -> String {
        configuration(spec, hostNetwork: hostNetwork, node: node).configuration.text
    }

    private func configuration(
        _ spec: JSONValue, hostNetwork: Bool = false, node: ResolverConfiguration = ResolverConfiguration()
    ) -> (configuration: ResolverConfiguration, problems: [String]) {
        ResolverConfiguration.of(
            PodNaming(spec: spec), namespace: "shop", hostNetwork: hostNetwork, cluster: cluster, node: node)
    }

    private static let clusterFirst = """
        search shop.svc.cluster.local svc.cluster.local cluster.local
        nameserver 10.96.0.10
        options ndots:5

        """

    @Test("ClusterFirst is the default, and asks the cluster's DNS with its search path")
    func clusterFirst() {
        #expect(text([:]) == Self.clusterFirst)
        #expect(text(["dnsPolicy": "ClusterFirst"]) == Self.clusterFirst)
        #expect(text(["dnsPolicy": "ClusterFirstWithHostNet"], hostNetwork: true) == Self.clusterFirst)
    }

    @Test("the node's search domains come behind the cluster's")
    func nodeSearches() {
        #expect(
            text([:], node: node)
                == Self.clusterFirst.replacing("cluster.local\nname", with: "cluster.local corp.test\nname"))
    }

    @Test("a pod in its node's network has the node's configuration, unless it asks for the cluster's")
    func hostNetwork() {
        #expect(text([:], hostNetwork: true, node: node) == node.text)
        #expect(text(["dnsPolicy": "Default"], node: node) == node.text)
        #expect(node.text == "search corp.test\nnameserver 192.168.1.2\noptions rotate ndots:2\n")
    }

    @Test("None leaves all to dnsConfig")
    func none() {
        let spec: JSONValue = [
            "dnsPolicy": "None",
            "dnsConfig": [
                "nameservers": ["192.0.2.1"], "searches": ["ns1.svc.cluster-domain.example", "my.dns.search.suffix"],
                "options": [["name": "ndots", "value": "2"], ["name": "edns0"]],
            ],
        ]
        #expect(
            text(spec, node: node) == """
                search ns1.svc.cluster-domain.example my.dns.search.suffix
                nameserver 192.0.2.1
                options ndots:2 edns0

                """)
        #expect(text(["dnsPolicy": "None"], node: node) == "")
    }

    @Test("dnsConfig is added to any policy; what is there twice counts once, and its options win")
    func merging() {
        let spec: JSONValue = [
            "dnsConfig": [
                "nameservers": ["192.0.2.1", "10.96.0.10"], "searches": ["svc.cluster.local", "example.test"],
                "options": [
                    ["name": "timeout", "value": "1"], ["name": "ndots", "value": "1"],
                    ["name": "timeout", "value": "3"],
                ],
            ]
        ]
        #expect(
            text(spec) == """
                search shop.svc.cluster.local svc.cluster.local cluster.local example.test
                nameserver 10.96.0.10
                nameserver 192.0.2.1
                options ndots:1 timeout:3

                """)
        #expect(text(spec, hostNetwork: true, node: node).contains("options rotate ndots:1 timeout:3\n"))
    }

    @Test("more than six search domains and 256 characters are kept, up to 32 and 2048")
    func searches() {
        let many = (0..<20).map { "a-rather-long-search-domain-\($0).example.test" }
        let (kept, none) = configuration(["dnsConfig": ["searches": .array(many.map { .string($0) })]])
        #expect(kept.searches.count == 23 && none.isEmpty)
        #expect(kept.text.split(separator: "\n")[0].utf8.count > 256)

        let tooMany = (0..<40).map { "d\($0).test" }
        let (cut, problems) = configuration(["dnsConfig": ["searches": .array(tooMany.map { .string($0) })]])
        #expect(cut.searches.count == 32 && cut.searches.last == "d28.test")
        #expect(problems.count == 1 && problems[0].contains("search domains"))

        let long = (0..<20).map {
            String(repeating: "x", count: 60) + "." + String(repeating: "y", count: 60) + ".n\($0)"
        }
        let (short, told) = configuration(["dnsConfig": ["searches": .array(long.map { .string($0) })]])
        #expect(short.searches.joined(separator: " ").utf8.count <= 2048)
        #expect(short.searches.count == 3 + 15 && told.count == 1)
    }

    @Test("more than three name servers are cut, and told")
    func nameServers() {
        let servers: [JSONValue] = (1...4).map { .string("192.0.2.\($0)") }
        let (cut, problems) = configuration(["dnsConfig": ["nameservers": .array(servers)]])
        #expect(cut.nameServers.map(\.description) == ["10.96.0.10", "192.0.2.1", "192.0.2.2"])
        #expect(problems == ["more than 3 name servers: used are 10.96.0.10 192.0.2.1 192.0.2.2"])
    }

    @Test("two families have two name servers")
    func dualStack() throws {
        var cluster = cluster
        cluster.nameServers.append(try #require(IPAddress("fd00:96::a")))
        let (configuration, _) = ResolverConfiguration.of(
            PodNaming(), namespace: "default", hostNetwork: false, cluster: cluster, node: ResolverConfiguration())
        #expect(configuration.text.contains("nameserver 10.96.0.10\nnameserver fd00:96::a\n"))
    }

    @Test("a file is read as it is written, with comments and what is malformed left out")
    func reading() {
        let text =
            "# comment\n; comment\n\nnameserver 10.0.0.1\nnameserver x\nnameserver\nsearch a. b .\tc\nsearch d\nsortlist x\noptions ndots:3 rotate\noptions ndots:4\n"
        #expect(ResolverConfiguration(text: text).text == "search d\nnameserver 10.0.0.1\noptions ndots:4 rotate\n")
        #expect(ResolverConfiguration(text: "search a. .").searches == ["a", "."])
    }
}
