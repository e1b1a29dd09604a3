import Addressing
import Testing

@testable import Topology

/// A lab file that must be refused, at this key and in words with these parts.
struct Refusal: CustomTestStringConvertible, Sendable {
    var title: String
    var text: String
    var keyPath: String
    var words: [String]

    init(_ title: String, _ text: String, at keyPath: String, _ words: String...) {
        self.title = title
        self.text = text
        self.keyPath = keyPath
        self.words = words
    }

    /// A lab with one node and these lines.
    init(lab title: String, _ text: String, at keyPath: String, _ words: String...) {
        self.title = title
        self.text = LabTexts.lab(text)
        self.keyPath = keyPath
        self.words = words
    }

    var testDescription: String { title }
}

struct LabFileRefusalTests {
    static let shape = [
        Refusal("no name", "[[node]]\nname = \"a\"", at: "name", "is missing", "name = "),
        Refusal("no node", "name = \"lab\"", at: "node", "no node", "[[node]]"),
        Refusal(lab: "an unknown key", "adress = [\"192.168.1.9\"]", at: "node[0].adress", "did you mean \"address\"?"),
        Refusal(lab: "an unknown table", "[underlai]", at: "underlai", "did you mean \"underlay\"?"),
        Refusal(lab: "an unknown key without a near one", "[cluster]\nxyzzy = 1", at: "cluster.xyzzy", "pod-cidr"),
        Refusal(
            lab: "an integer as a string", "[underlay]\nmtu = \"1500\"", at: "underlay.mtu", "whole number", "a string"),
        Refusal(lab: "a fraction", "[underlay]\nmtu = 1500.5", at: "underlay.mtu", "whole number", "fraction"),
        Refusal(lab: "a string for a list", "address = \"192.168.1.9\"", at: "node[0].address", "a list", "brackets"),
        Refusal(lab: "a number in a list", "address = [7]", at: "node[0].address[0]", "a string", "an integer"),
        Refusal(lab: "a list for a table", "labels = []", at: "node[0].labels", "a table"),
        Refusal(lab: "a table for a list", "[pod]\nname = \"a\"", at: "pod", "a list of tables", "[[pod]]"),
        Refusal(lab: "a date", "[cluster]\ndomain = 2020-01-01", at: "cluster.domain", "a string", "a date"),
        Refusal(
            lab: "a flag as a string", "[[pod]]\nname = \"a\"\nhost-network = \"yes\"", at: "pod[0].host-network",
            "true or false"),
        Refusal(lab: "no address", "address = [\"10.0.0\"]", at: "node[0].address[0]", "IP address", "192.168.1.10"),
        Refusal(lab: "leading zeros", "address = [\"192.168.001.9\"]", at: "node[0].address[0]", "IP address"),
        Refusal(
            lab: "bits behind the prefix", "pod-cidr = [\"10.244.1.5/24\"]", at: "node[0].pod-cidr[0]", "10.244.1.0/24"),
        Refusal(lab: "an empty list", "[cluster]\npod-cidr = []", at: "cluster.pod-cidr", "empty list", "default"),
        Refusal(
            lab: "a CNI plugin chain", "[components]\npod-network = { cni = \"10-bridge.conflist\" }",
            at: "components.pod-network", "only the built-in pod networks", "vxlan", "host-gw"),
        Refusal(
            lab: "a pod network of another name", "[components]\npod-network = \"calico\"",
            at: "components.pod-network",
            "vxlan", "host-gw"),
        Refusal(
            lab: "an external service proxy", "[components.service-proxy]\ncommand = [\"kube-proxy\"]",
            at: "components.service-proxy", "no external program", "nftables", "none"),
        Refusal(
            lab: "an unknown service proxy", "[components]\nservice-proxy = \"ipvs\"", at: "components.service-proxy",
            "nftables", "none"),
        Refusal(lab: "an unknown DNS", "[components]\ndns = \"core\"", at: "components.dns", "builtin", "none"),
        Refusal(
            lab: "an unknown policy engine", "[components]\nnetwork-policy = \"x\"", at: "components.network-policy",
            "nftables", "none"),
    ]

    static let names = [
        Refusal("an empty name", "name = \"\"\n[[node]]\nname = \"a\"", at: "name", "it is empty", "lower-case"),
        Refusal(
            "a name of 300 characters", "name = \"\(String(repeating: "a", count: 300))\"\n[[node]]\nname = \"a\"",
            at: "name", "300 characters", "at most 63"),
        Refusal("a path as a name", "name = \"../x\"\n[[node]]\nname = \"a\"", at: "name", "'.'", "lower-case"),
        Refusal("a slash in a name", "name = \"a/b\"\n[[node]]\nname = \"a\"", at: "name", "'/'", "lower-case"),
        Refusal("a NUL in a name", "name = \"a\\u0000b\"\n[[node]]\nname = \"a\"", at: "", "NUL", "remove"),
        Refusal(
            "an upper-case name", "name = \"Lab\"\n[[node]]\nname = \"a\"", at: "name", "upper-case letter 'L'",
            "\"lab\""),
        Refusal("a name that ends in -", "name = \"a-\"\n[[node]]\nname = \"a\"", at: "name", "ends with '-'"),
        Refusal("another script", "name = \"läb\"\n[[node]]\nname = \"a\"", at: "name", "'ä'"),
        Refusal("a node name with a dot", "name = \"a\"\n[[node]]\nname = \"a.b\"", at: "node[0].name", "'.'"),
        Refusal(
            lab: "a host name of 64 bytes", host(String(repeating: "h", count: 64)), at: "host[0].name", "at most 63"),
        Refusal(lab: "a pod name with _", pod("a_b"), at: "pod[0].name", "'_'"),
        Refusal(lab: "a pod name with an empty part", pod("a..b"), at: "pod[0].name", "is empty"),
        Refusal(lab: "a pod name of 254 bytes", pod(String(repeating: "p", count: 254)), at: "pod[0].name", "253"),
        Refusal(
            lab: "a pod namespace that is no label", pod("a", "namespace = \"a.b\""), at: "pod[0].namespace", "'.'"),
        Refusal(
            lab: "the namespace host", pod("a", "namespace = \"host\""), at: "pod[0].namespace", "reserved", "another"),
        Refusal(
            lab: "a run-time name of 256 bytes", pod(String(repeating: "p", count: 244)), at: "pod[0].name",
            "256 bytes",
            "255"),
        Refusal(
            lab: "a domain that is no name", "[cluster]\ndomain = \"-x\"", at: "cluster.domain", "begins with '-'"),
        Refusal(lab: "a label's key", "labels = { \"a b\" = \"c\" }", at: "node[0].labels.\"a b\"", "' '"),
        Refusal(lab: "a label's prefix", "labels = { \"A/b\" = \"c\" }", at: "node[0].labels.\"A/b\"", "before '/'"),
        Refusal(
            lab: "a label's value", "labels = { a = \"-\" }", at: "node[0].labels.a", "begins with '-'", "or nothing"),
        Refusal(lab: "two nodes of a name", "[[node]]\nname = \"node1\"", at: "node[1].name", "taken by node[0]"),
        Refusal(lab: "two hosts of a name", host("h") + host("h"), at: "host[1].name", "taken by host[0]"),
        Refusal(lab: "a host with a node's name", host("node1"), at: "host[0].name", "taken by node[0]"),
        Refusal(lab: "two pods of a name", pod("a") + pod("a"), at: "pod[1].name", "taken by pod[0]", "own name"),
        Refusal(lab: "the node name underlay", node("underlay"), at: "node[1].name", "reserved", "node2"),
        Refusal(lab: "the node name host", node("host"), at: "node[1].name", "reserved"),
        Refusal(lab: "the node name control-plane", node("control-plane"), at: "node[1].name", "reserved"),
    ]

    static let ranges = [
        Refusal(
            lab: "pod and service ranges overlap", "[cluster]\nservice-cidr = [\"10.244.8.0/24\"]",
            at: "cluster.service-cidr[0]", "overlaps the pod range 10.244.0.0/16"),
        Refusal(
            lab: "the underlay overlaps the services", "[underlay]\ncidr = [\"10.100.0.0/24\"]", at: "underlay.cidr[0]",
            "overlaps the service range 10.96.0.0/12"),
        Refusal(
            lab: "two ranges of a family", "[cluster]\npod-cidr = [\"10.1.0.0/16\", \"10.2.0.0/16\"]",
            at: "cluster.pod-cidr[1]", "two IPv4 ranges", "at most one"),
        Refusal(
            lab: "services of another family", "[cluster]\nservice-cidr = [\"fd00::/112\"]", at: "cluster.service-cidr",
            "has IPv6", "here IPv4"),
        Refusal(
            lab: "services of one family of two",
            "[cluster]\npod-cidr = [\"10.1.0.0/16\", \"fd00:1::/48\"]\nservice-cidr = [\"10.96.0.0/12\"]",
            at: "cluster.service-cidr", "IPv4 and IPv6"),
        Refusal(
            lab: "loopback addresses", "[underlay]\ncidr = [\"127.0.0.0/24\"]", at: "underlay.cidr[0]", "loopback",
            "10.0.0.0/8"),
        Refusal(lab: "a range of one address", "[underlay]\ncidr = [\"10.0.0.1/32\"]", at: "underlay.cidr[0]", "/30"),
        Refusal(lab: "an mtu of 575", "[underlay]\nmtu = 575", at: "underlay.mtu", "576 to 65535"),
        Refusal(lab: "an mtu of 65536", "[underlay]\nmtu = 65536", at: "underlay.mtu", "576 to 65535"),
        Refusal(lab: "a negative mtu", "[underlay]\nmtu = -1", at: "underlay.mtu", "576 to 65535"),
        Refusal(
            lab: "an mtu of 1279 with IPv6", "[underlay]\nmtu = 1279\ncidr = [\"fd00::/64\"]", at: "underlay.mtu",
            "1280 to 65535"),
        Refusal(
            lab: "vxlan over IPv4 leaves IPv6 pods 1279",
            "[underlay]\nmtu = 1329\ncidr = [\"192.168.1.0/24\"]\n[cluster]\npod-cidr = [\"fd00:1::/48\"]",
            at: "underlay.mtu", "1279", "at least 1330"),
        Refusal(
            lab: "vxlan over IPv6 leaves IPv6 pods 1279",
            "[underlay]\nmtu = 1349\n[cluster]\npod-cidr = [\"fd00:1::/48\"]",
            at: "underlay.mtu", "1279", "at least 1350"),
        Refusal(
            lab: "host-gw without IPv6 on the underlay",
            "[components]\npod-network = \"host-gw\"\n[underlay]\ncidr = [\"192.168.1.0/24\"]\n"
                + "[cluster]\npod-cidr = [\"10.244.0.0/16\", \"fd00:1::/48\"]",
            at: "underlay.cidr", "no IPv6", "vxlan"),
    ]

    static let addresses = [
        Refusal(
            lab: "a node outside the underlay", "address = [\"192.168.2.9\"]", at: "node[0].address[0]",
            "outside the underlay 192.168.1.0/24", "between 192.168.1.1 and 192.168.1.254"),
        Refusal(
            lab: "the underlay's network address", "address = [\"192.168.1.0\"]", at: "node[0].address[0]",
            "network address"),
        Refusal(
            lab: "the underlay's broadcast address", host("h", "address = [\"192.168.1.255\"]"),
            at: "host[0].address[0]",
            "broadcast address"),
        Refusal(
            lab: "two addresses of a family", "address = [\"192.168.1.8\", \"192.168.1.9\"]", at: "node[0].address[1]",
            "two IPv4 addresses"),
        Refusal(
            lab: "a family that the underlay has not", "address = [\"fd00::1\"]", at: "node[0].address[0]", "no IPv6"),
        Refusal(
            lab: "an address twice", "address = [\"192.168.1.8\"]" + host("h", "address = [\"192.168.1.8\"]"),
            at: "host[0].address[0]", "taken by node1", "another"),
        Refusal(
            lab: "a node's range outside the cluster's", "pod-cidr = [\"10.9.0.0/24\"]", at: "node[0].pod-cidr[0]",
            "outside", "a part of 10.244.0.0/16"),
        Refusal(
            lab: "nodes' ranges that overlap",
            "pod-cidr = [\"10.244.0.0/20\"]" + node("b", "pod-cidr = [\"10.244.3.0/24\"]"), at: "node[1].pod-cidr[0]",
            "overlaps the pod range 10.244.0.0/20 of node1"),
        Refusal(lab: "a node's range too small", "pod-cidr = [\"10.244.0.0/31\"]", at: "node[0].pod-cidr[0]", "/30"),
        Refusal(
            lab: "a node's range of a family that the cluster has not", "pod-cidr = [\"fd00::/64\"]",
            at: "node[0].pod-cidr[0]", "no IPv6"),
        Refusal(
            lab: "a node that is not there", pod("a", "node = \"nod1\""), at: "pod[0].node", "no node \"nod1\"",
            "did you mean \"node1\"?"),
        Refusal(
            lab: "a pod outside its node's range",
            "pod-cidr = [\"10.244.1.0/24\"]" + pod("a", "node = \"node1\"\naddress = [\"10.244.9.5\"]"),
            at: "pod[0].address[0]", "10.244.9.5 is outside the pod range 10.244.1.0/24 of node1",
            "use an address between 10.244.1.2 and 10.244.1.254"),
        Refusal(
            lab: "a pod at the network address", pod("a", "address = [\"10.244.0.0\"]"), at: "pod[0].address[0]",
            "network address"),
        Refusal(
            lab: "a pod at the broadcast address", pod("a", "address = [\"10.244.0.255\"]"), at: "pod[0].address[0]",
            "broadcast address"),
        Refusal(
            lab: "a pod at the gateway's address", pod("a", "address = [\"10.244.0.1\"]"), at: "pod[0].address[0]",
            "the gateway", "10.244.0.2"),
        Refusal(
            lab: "two pods at one address",
            pod("a", "address = [\"10.244.0.7\"]") + pod("b", "address = [\"10.244.0.7\"]"), at: "pod[1].address[0]",
            "taken by default/a"),
        Refusal(
            lab: "an own address in the node's network", pod("a", "host-network = true\naddress = [\"10.244.0.7\"]"),
            at: "pod[0].address", "node's addresses", "remove"),
        Refusal(
            lab: "a node's range that is full", "pod-cidr = [\"10.244.0.0/30\"]" + pod("a") + pod("b"),
            at: "pod[1].address", "10.244.0.0/30 of node1 has no free address", "larger"),
        Refusal(
            lab: "an underlay that is full", "[underlay]\ncidr = [\"10.0.0.0/30\"]" + host("a") + host("b"),
            at: "host[1].address", "10.0.0.0/30 has no free address", "larger"),
        Refusal(
            lab: "a cluster range that is full", "[cluster]\npod-cidr = [\"10.244.0.0/28\"]" + node("b"),
            at: "node[0].pod-cidr", "no room", "larger"),
    ]

    static let containers = [
        Refusal(
            lab: "a container without a name", container("image = \"x\""), at: "pod[0].container[0].name", "missing"),
        Refusal(
            lab: "a container without an image", container("name = \"x\""), at: "pod[0].container[0].image", "missing"),
        Refusal(
            lab: "a container's name", container("name = \"x_y\"\nimage = \"x\""), at: "pod[0].container[0].name", "'_'"
        ),
        Refusal(
            lab: "an image with a space", container("name = \"x\"\nimage = \"a b\""), at: "pod[0].container[0].image",
            "' '"),
        Refusal(
            lab: "a relative directory", container("name = \"x\"\nimage = \"x\"\nworking-dir = \"a\""),
            at: "pod[0].container[0].working-dir", "absolute"),
        Refusal(
            lab: "a variable's name", container("name = \"x\"\nimage = \"x\"\nenv = { \"a=b\" = \"c\" }"),
            at: "pod[0].container[0].env.\"a=b\"", "'='"),
        Refusal(
            lab: "no container in the list", pod("a", "container = []"), at: "pod[0].container", "no container"),
        Refusal(
            lab: "an unknown key of a container", container("name = \"x\"\nimage = \"x\"\nworkingdir = \"/\""),
            at: "pod[0].container[0].workingdir", "did you mean \"working-dir\"?"),
        Refusal(
            lab: "port 0", port("container-port = 0"), at: "pod[0].container[0].port[0].container-port", "1 to 65535"),
        Refusal(
            lab: "port 65536", port("container-port = 65536"), at: "pod[0].container[0].port[0].container-port",
            "1 to 65535"),
        Refusal(
            lab: "host port 0", port("container-port = 1, host-port = 0"), at: "pod[0].container[0].port[0].host-port",
            "1 to 65535"),
        Refusal(lab: "a port without a number", port(""), at: "pod[0].container[0].port[0].container-port", "missing"),
        Refusal(
            lab: "a protocol in lower case", port("container-port = 1, protocol = \"tcp\""),
            at: "pod[0].container[0].port[0].protocol", "TCP, UDP or SCTP"),
        Refusal(
            lab: "a port's name", port("container-port = 1, name = \"80\""), at: "pod[0].container[0].port[0].name",
            "no letter"),
        Refusal(
            lab: "no host address", port("container-port = 1, host-ip = \"x\""),
            at: "pod[0].container[0].port[0].host-ip", "IP address"),
        Refusal(
            lab: "a host port twice on a node",
            port("container-port = 1, host-port = 90")
                + port("container-port = 2, host-port = 90, host-ip = \"10.0.0.1\"", "b"),
            at: "pod[1].container[0].port[0].host-port", "90/TCP of node1 is taken by the pod default/a", "another"),
        Refusal(
            lab: "a host port that a pod in the node's network has",
            pod("s", "host-network = true") + port("container-port = 1, host-port = 8080, protocol = \"UDP\"", "b"),
            at: "pod[1].container[0].port[0].host-port", "8080/UDP"),
        Refusal(
            lab: "another host port in the node's network",
            port("container-port = 1, host-port = 2", "a", "host-network = true"),
            at: "pod[0].container[0].port[0].host-port", "the host port too", "write 1"),
    ]

    @Test("a bad lab file is refused at its key with what would be right", arguments: shape + names + ranges)
    func refusal(_ refusal: Refusal) throws {
        try check(refusal)
    }

    @Test("a bad address, container or port is refused at its key", arguments: addresses + containers)
    func refusalOfAddresses(_ refusal: Refusal) throws {
        try check(refusal)
    }

    @Test("problems of form do not hide problems of names and ranges, and bring no false ones")
    func allProblems() throws {
        let text = """
            name = "Lab"
            [underlay]
            cidr = ["10.244.0.0/24"]
            mtu = 100
            [[node]]
            name = 7
            adress = ["192.168.2.9"]
            [[pod]]
            name = "a_b"
            node = "node1"
            labels = { "a b" = 1 }
            [[pod.container]]
            name = "c"
            image = ""
            port = [{ container-port = 0 }]
            """
        #expect(
            Set(try LabTexts.problems(text).map(\.keyPath)) == [
                "name", "underlay.cidr[0]", "underlay.mtu", "node[0].name", "node[0].adress", "pod[0].name",
                "pod[0].labels.\"a b\"", "pod[0].container[0].image", "pod[0].container[0].port[0].container-port",
            ])
    }

    private func check(_ refusal: Refusal) throws {
        let problems = try LabTexts.problems(refusal.text)
        let here = problems.filter { $0.keyPath == refusal.keyPath }
        #expect(here.count == 1, "\(problems)")
        let problem = try #require(here.first)
        #expect(problem.line != nil || ["name", "node"].contains(problem.keyPath))
        for word in refusal.words {
            #expect((problem.message + "; " + problem.remedy).contains(word), "\(problem)")
        }
    }

    // MARK: Lines of lab files

    static func node(_ name: String, _ more: String = "") -> String { "\n[[node]]\nname = \"\(name)\"\n\(more)" }

    static func host(_ name: String, _ more: String = "") -> String { "\n[[host]]\nname = \"\(name)\"\n\(more)" }

    static func pod(_ name: String, _ more: String = "") -> String { "\n[[pod]]\nname = \"\(name)\"\n\(more)" }

    static func container(_ lines: String) -> String { pod("a", "[[pod.container]]\n\(lines)") }

    static func port(_ fields: String, _ name: String = "a", _ more: String = "") -> String {
        pod(name, more + "\n[[pod.container]]\nname = \"c\"\nimage = \"x\"\nport = [{ \(fields) }]")
    }
}
