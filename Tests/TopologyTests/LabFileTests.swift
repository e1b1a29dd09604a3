import Addressing
import Foundation
import KubernetesModel
import Testing

@testable import Topology

struct LabFileTests {
    @Test("the documented lab file parses to its spec, its manifest's pod included")
    func example() throws {
        let spec = try LabTexts.parse(LabTexts.example, manifests: ["labs/two-node.yaml": LabTexts.manifest])
        let web = ContainerSpec(
            name: "web", image: "nginx", command: ["nginx", "-g"], arguments: ["daemon off;"],
            environment: [EnvironmentVariable(name: "MODE", value: "test")], workingDirectory: "/srv",
            ports: [
                ContainerPort(name: "http", containerPort: 80),
                ContainerPort(
                    containerPort: 53, transport: .udp, hostPort: 5353, hostIP: try addresses("192.168.1.10").first),
            ])
        var expected = LabSpec(
            name: "two-node",
            cluster: ClusterSpec(podCIDR: try cidrs("10.244.0.0/16"), serviceCIDR: try cidrs("10.96.0.0/12")),
            underlay: UnderlaySpec(
                cidr: try cidrs("192.168.1.0/24"), mtu: 1500, controlPlane: try addresses("192.168.1.2")),
            components: ComponentsSpec(
                podNetwork: .vxlan, serviceProxy: .dataMaps, dns: .builtin, networkPolicy: .nftables),
            nodes: [
                NodeSpec(
                    name: "node1", address: try addresses("192.168.1.10"), podCIDR: try cidrs("10.244.1.0/24"),
                    labels: ["zone": "a"])
            ],
            pods: [
                PodSpec(
                    name: "pod-a", node: "node1", address: try addresses("10.244.1.5"), labels: ["app": "frontend"]),
                PodSpec(
                    namespace: "shop", name: "pod-b", node: "node1", address: try addresses("10.244.1.9"),
                    labels: ["app": "backend"], containers: [web]),
            ],
            hosts: [HostSpec(name: "client", address: try addresses("192.168.1.100"))])
        // The manifest's object is there as it was written.
        #expect(spec.objects.map(\.name) == ["pod-b"])
        #expect(spec.objects.first?["spec", "containers"]?.array?.first?["imagePullPolicy"] == nil)
        expected.objects = spec.objects
        expected.dns = DNSSpec(serviceCIDR: expected.cluster.serviceCIDR)
        #expect(spec == expected)
    }

    @Test("what a lab file leaves out is filled in around what it gives")
    func defaults() throws {
        let spec = try LabTexts.parse(
            """
            name = "lab"
            [[node]]
            name = "node1"
            [[node]]
            name = "node2"
            address = ["192.168.1.10"]
            pod-cidr = ["10.244.0.0/23"]
            [[node]]
            name = "node3"
            [[host]]
            name = "client"
            [[host]]
            name = "other"
            address = ["192.168.1.100"]
            [[pod]]
            name = "a"
            node = "node1"
            [[pod]]
            name = "b"
            [[pod]]
            name = "c"
            node = "node1"
            address = ["10.244.2.2"]
            [[pod]]
            name = "d"
            address = ["10.244.1.9"]
            [[pod]]
            name = "e"
            host-network = true
            """)
        #expect(
            spec.cluster == ClusterSpec(podCIDR: try cidrs("10.244.0.0/16"), serviceCIDR: try cidrs("10.96.0.0/12")))
        #expect(
            spec.underlay
                == UnderlaySpec(
                    cidr: try cidrs("192.168.1.0/24"), mtu: 1500, controlPlane: try addresses("192.168.1.2")))
        #expect(spec.components == ComponentsSpec(dns: .builtin, networkPolicy: .nftables))
        #expect(spec.nodes.map(\.address.description) == ["[192.168.1.11]", "[192.168.1.10]", "[192.168.1.12]"])
        #expect(spec.nodes.map(\.podCIDR.description) == ["[10.244.2.0/24]", "[10.244.0.0/23]", "[10.244.3.0/24]"])
        #expect(spec.hosts.map(\.address.description) == ["[192.168.1.101]", "[192.168.1.100]"])
        // b and e go to node3, then node2, which have the fewest once what the others ask for is counted.
        #expect(spec.pods.map(\.node) == ["node1", "node3", "node1", "node2", "node2"])
        #expect(
            spec.pods.map(\.address.description) == [
                "[10.244.2.3]", "[10.244.3.2]", "[10.244.2.2]", "[10.244.1.9]", "[192.168.1.10]",
            ])
        #expect(spec.pods.allSatisfy { $0.containers.map(\.image) == ["agnhost"] })
        #expect(spec.pods.last?.containers.first?.ports.map(\.hostPort) == [80, 80, 8080, 8080])
    }

    @Test("an IPv6 pod range brings IPv6 services and underlay, two families bring both")
    func families() throws {
        let six = try LabTexts.parse(
            LabTexts.lab("[cluster]\npod-cidr = [\"fd00:10:244::/56\"]\n[[pod]]\nname = \"a\""))
        #expect(six.cluster.serviceCIDR == (try cidrs("fd00:10:96::/112")))
        #expect(six.underlay.cidr == (try cidrs("fd00:192:168:1::/64")))
        #expect(six.nodes.first?.address == (try addresses("fd00:192:168:1::a")))
        #expect(six.nodes.first?.podCIDR == (try cidrs("fd00:10:244::/64")))
        #expect(six.pods.first?.address == (try addresses("fd00:10:244::2")))

        let dual = try LabTexts.parse(LabTexts.rich)
        #expect(dual.cluster.serviceCIDR == (try cidrs("10.96.0.0/12", "fd00:10:96::/112")))
        #expect(dual.underlay.cidr == (try cidrs("192.168.1.0/24", "fd00:192:168:1::/64")))
        #expect(dual.nodes.last?.address == (try addresses("192.168.1.11", "fd00:192:168:1::20")))
        #expect(dual.pods.first?.address == (try addresses("10.244.1.2", "fd00:10:244:1::2")))
        #expect(dual.nodes.last?.labels == ["zone": "b"])
    }

    @Test("containers of a lab file have their fields")
    func containers() throws {
        let pod = try #require(try LabTexts.parse(LabTexts.rich).pods.first)
        #expect(pod.namespace == "shop" && pod.labels == ["app": "web"])
        let nginx = ContainerSpec(
            name: "nginx", image: "nginx", command: ["nginx", "-g"], arguments: ["daemon off;"],
            environment: [
                EnvironmentVariable(name: "MODE", value: "a\tb"),
                EnvironmentVariable(name: "ODD-NAME", value: "two\nlines"),
            ],
            workingDirectory: "/srv",
            ports: [
                ContainerPort(name: "http", containerPort: 80, hostPort: 8080, hostIP: .unspecified(.ipv4))
            ])
        #expect(pod.containers.first == nginx)
        #expect(pod.containers.last?.ports == [ContainerPort(containerPort: 6379)])
    }

    @Test("a cluster range with too few /24 is split into smaller equal ranges")
    func smallClusterRange() throws {
        let nodes = (2...5).map { "[[node]]\nname = \"node\($0)\"" }.joined(separator: "\n")
        let spec = try LabTexts.parse(LabTexts.lab(nodes + "\n[cluster]\npod-cidr = [\"10.244.0.0/23\"]"))
        #expect(
            spec.nodes.flatMap(\.podCIDR).map(\.description) == (0..<5).map { "10.244.\($0 / 4).\($0 % 4 * 64)/26" })
    }

    @Test("a pinned address of one family keeps its place behind the primary family")
    func familyOrder() throws {
        let spec = try LabTexts.parse(
            LabTexts.lab(
                """
                address = ["fd00:192:168:1::5", "192.168.1.5"]
                [cluster]
                pod-cidr = ["10.244.0.0/16", "fd00:10:244::/56"]
                """))
        #expect(spec.nodes.first?.address == (try addresses("192.168.1.5", "fd00:192:168:1::5")))
    }

    @Test("a spec that was encoded and decoded is judged alike")
    func encoding() throws {
        var specs = [
            try LabTexts.parse(LabTexts.rich),
            try LabTexts.parse(LabTexts.example, manifests: ["labs/two-node.yaml": LabTexts.manifest]),
        ]
        var broken = specs[0]
        broken.name = "A"
        broken.nodes[0].address = []
        broken.pods[0].address = broken.pods[2].address
        broken.pods[1].node = "nowhere"
        specs.append(broken)
        #expect(broken.diagnostics().count >= 4)
        for spec in specs {
            let decoded = try JSONDecoder().decode(LabSpec.self, from: JSONEncoder().encode(spec))
            #expect(decoded == spec)
            #expect(decoded.diagnostics() == spec.diagnostics())
        }
        #expect(specs[0].diagnostics().isEmpty)
    }
}

func cidrs(_ texts: String...) throws -> [CIDR] { try texts.map { try #require(CIDR($0)) } }

func addresses(_ texts: String...) throws -> [IPAddress] { try texts.map { try #require(IPAddress($0)) } }
