import Addressing
import KubernetesModel
import Testing
import Topology

/// What a lab's DNS is made of: a pod, a Service, and what the lab file says of them.
@Suite("the DNS of a lab file")
struct ClusterDNSPodTests {
    private static let nodes = """
        [[node]]
        name = "node1"
        [[node]]
        name = "node2"
        """

    private func spec(_ text: String, manifest: String? = nil) throws -> LabSpec {
        let list = manifest == nil ? "" : "manifests = [\"m.yaml\"]\n"
        return try LabFile.parse(text: "name = \"a\"\n\(list)\(text)", path: "lab.toml") { path in
            SourceFile(path: path, text: manifest ?? "")
        }.addingClusterDNS(file: "lab.toml")
    }

    @Test("a pod high in the first node's range, and the Service at the tenth address of each range")
    func usual() throws {
        let lab = try spec(
            "[cluster]\npod-cidr = [\"10.244.0.0/16\", \"fd00:10:244::/48\"]\n\(Self.nodes)\n[[pod]]\nname = \"a\"")
        let pod = try #require(lab.pods.last)
        #expect(lab.pods.count == 2 && pod.qualifiedName == "kube-system/cluster-dns" && pod.node == "node1")
        #expect(pod.address.map(\.description) == ["10.244.0.254", "fd00:10:244::fe"])
        #expect(lab.nameServers.map(\.description) == ["10.96.0.10", "fd00:10:96::a"])
        let service = try #require(lab.dnsService)
        #expect(service["spec", "clusterIPs"] == ["10.96.0.10", "fd00:10:96::a"])
        #expect(lab.diagnostics().isEmpty)
        #expect(try lab.addingClusterDNS(file: nil) == lab, "it is added once")
    }

    @Test("no DNS: no pod, no Service, no name server")
    func none() throws {
        let lab = try spec("[components]\ndns = \"none\"\n\(Self.nodes)")
        #expect(lab.pods.isEmpty && lab.dnsService == nil && lab.nameServers.isEmpty)
    }

    @Test("other addresses, upstream servers and stub domains")
    func settings() throws {
        let lab = try spec(
            """
            [dns]
            cluster-ip = ["10.96.0.53"]
            upstream = ["192.168.1.100"]
            stub-domains = { "example.org" = ["192.168.1.101"] }
            pod-records = "verified"
            \(Self.nodes)
            """)
        #expect(lab.nameServers.map(\.description) == ["10.96.0.53"])
        #expect(lab.dns.upstreams.map(\.description) == ["192.168.1.100"])
        #expect(lab.dns.stubDomains.mapValues { $0.map(\.description) } == ["example.org": ["192.168.1.101"]])
        #expect(lab.dns.podRecords == .verified)
    }

    @Test(
        "what cannot be is refused",
        arguments: [
            ("[dns]\ncluster-ip = [\"192.168.1.10\"]", "10.96.0.0/12"),
            ("[dns]\nupstream = [\"8.8.8.8\"]", "no way out"),
            ("[dns]\nstub-domains = { \"Bad Domain\" = [\"192.168.1.100\"] }", "not a domain"),
            ("[dns]\npod-records = \"some\"", "insecure"), ("[dns]\nupstreams = []", "upstream"),
            ("[[pod]]\nname = \"a\"\ndns-policy = \"ClusterLast\"", "ClusterFirst"),
            ("[[pod]]\nname = \"a\"\nhostname = \"a b\"", "hostname"),
        ])
    func refused(text: String, words: String) {
        do {
            let lab = try spec("\(Self.nodes)\n\(text)")
            Issue.record("taken: \(lab)")
        } catch {
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    @Test("a lab whose nodes are full is refused, with what helps")
    func full() throws {
        do {
            let lab = try spec("[[node]]\nname = \"node1\"\npod-cidr = [\"10.244.1.0/30\"]\n[[pod]]\nname = \"a\"")
            Issue.record("taken: \(lab)")
        } catch {
            #expect("\(error)".contains("dns = \"none\""), "\(error)")
        }
    }

    @Test("a manifest may bring the Service itself, at the address that it says")
    func ownService() throws {
        let lab = try spec(
            Self.nodes,
            manifest: """
                apiVersion: v1
                kind: Service
                metadata: {name: kube-dns, namespace: kube-system}
                spec: {clusterIP: 10.96.0.53, ports: [{port: 53, protocol: UDP}]}
                """)
        #expect(lab.dnsService == nil && lab.nameServers.map(\.description) == ["10.96.0.53"])
    }

    @Test("what pods of a lab file and of manifests say about names")
    func pods() throws {
        let lab = try spec(
            "\(Self.nodes)\n[[pod]]\nname = \"a\"\nhostname = \"h\"\nsubdomain = \"s\"\ndns-policy = \"None\"",
            manifest: """
                apiVersion: v1
                kind: Pod
                metadata: {name: b}
                spec:
                  hostAliases: [{ip: 192.0.2.1, hostnames: [one, two]}]
                  containers: [{name: c, image: nginx}]
                """)
        let first = try #require(lab.pods.first?.naming)
        #expect(first.hostname == "h" && first.subdomain == "s" && first.policy == .none)
        let second = try #require(lab.pods.dropFirst().first?.naming)
        #expect(second.hostAliases.first?.names == ["one", "two"])
    }
}
