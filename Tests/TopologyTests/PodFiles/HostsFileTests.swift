import Addressing
import Foundation
import KubernetesModel
import Testing
import Topology

@Suite("The names of pods and their hosts files")
struct HostsFileTests {
    private func hostname(_ naming: PodNaming, pod: String = "web-0") -> PodHostname {
        PodHostname(naming, podName: pod, namespace: "shop", clusterDomain: "cluster.local")
    }

    private func addresses(_ texts: String...) throws -> [IPAddress] { try texts.map { try #require(IPAddress($0)) } }

    @Test("a pod's file tells the loopback and the pod's name by each of its addresses")
    func plain() throws {
        let file = HostsFile(
            PodNaming(), hostname: hostname(PodNaming()), addresses: try addresses("10.244.1.5", "fd00:244::5"))
        #expect(
            file.text == """
                # Kubernetes-managed hosts file.
                127.0.0.1\tlocalhost
                ::1\tlocalhost ip6-localhost ip6-loopback
                fe00::0\tip6-localnet
                fe00::0\tip6-mcastprefix
                fe00::1\tip6-allnodes
                fe00::2\tip6-allrouters
                10.244.1.5\tweb-0
                fd00:244::5\tweb-0

                """)
    }

    @Test("hostname and subdomain give the pod a full name, which comes first")
    func fullName() throws {
        let naming = PodNaming(spec: ["hostname": "busybox-1", "subdomain": "busybox-subdomain"])
        #expect(hostname(naming).fullName == "busybox-1.busybox-subdomain.shop.svc.cluster.local")
        let file = HostsFile(naming, hostname: hostname(naming), addresses: try addresses("10.244.1.5"))
        #expect(
            file.text.hasSuffix("10.244.1.5\tbusybox-1.busybox-subdomain.shop.svc.cluster.local\tbusybox-1\n"))
        let onlySubdomain = PodNaming(spec: ["subdomain": "sub"])
        #expect(hostname(onlySubdomain).fullName == "web-0.sub.shop.svc.cluster.local")
        #expect(hostname(PodNaming(spec: ["hostname": "x"])).fullName == nil)
    }

    @Test("hostAliases are entries of their own, one address a line")
    func aliases() throws {
        let naming = PodNaming(spec: [
            "hostAliases": [
                ["ip": "127.0.0.1", "hostnames": ["foo.local", "bar.local"]],
                ["ip": "10.1.2.3", "hostnames": ["foo.remote"]],
                ["ip": "nonsense", "hostnames": ["x"]],
            ]
        ])
        let own = HostsFile(naming, hostname: hostname(naming), addresses: try addresses("10.244.1.5"))
        let expected = "\n# Entries added by HostAliases.\n127.0.0.1\tfoo.local\tbar.local\n10.1.2.3\tfoo.remote\n"
        #expect(own.text.hasSuffix("10.244.1.5\tweb-0\n" + expected))
        let shared = HostsFile(naming, node: "127.0.0.1\tlocalhost\n192.168.1.10\tnode1\n")
        #expect(
            shared.text
                == "# Kubernetes-managed hosts file (host network).\n127.0.0.1\tlocalhost\n192.168.1.10\tnode1\n"
                + expected)
    }

    @Test("a long pod name is cut to 63 bytes, without a dot or dash at its end")
    func longName() {
        #expect(hostname(PodNaming(), pod: String(repeating: "x", count: 80)).name == String(repeating: "x", count: 63))
        #expect(
            hostname(PodNaming(), pod: String(repeating: "x", count: 61) + "-.yyy").name
                == String(repeating: "x", count: 61))
    }

    @Test("setHostnameAsFQDN makes the full name the host name, where the kernel takes it")
    func kernelName() {
        var naming = PodNaming(spec: ["hostname": "a", "subdomain": "b", "setHostnameAsFQDN": true])
        #expect(hostname(naming).kernelName(naming) == "a.b.shop.svc.cluster.local")
        naming.hostname = String(repeating: "a", count: 63)
        #expect(hostname(naming).kernelName(naming) == nil)
        naming.subdomain = nil
        #expect(hostname(naming).kernelName(naming) == naming.hostname)
        naming.usesFullHostname = false
        naming.subdomain = "b"
        #expect(hostname(naming).kernelName(naming) == naming.hostname)
    }

    @Test("what a pod says about names survives being written down")
    func codable() throws {
        let naming = PodNaming(spec: [
            "dnsPolicy": "None", "dnsConfig": ["nameservers": ["10.0.0.1"], "options": [["name": "edns0"]]],
            "hostAliases": [["ip": "10.1.2.3", "hostnames": ["x"]]], "hostname": "a", "subdomain": "b",
        ])
        #expect(try JSONDecoder().decode(PodNaming.self, from: JSONEncoder().encode(naming)) == naming)
        #expect(naming.policy == .none && naming.hostAliases.count == 1)
        #expect(PodNaming(spec: ["dnsPolicy": "Nonsense", "dnsConfig": "x"]) == PodNaming())
    }
}
