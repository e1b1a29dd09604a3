import Foundation
import LabFixture
import Testing

@Suite("Pod networks and address families")
struct PodNetworkTests {
    /// Lab files with pods a on node1 and b on node2, and the address of b in each family.
    static func text(_ network: String, _ families: [Int], hostNetwork: Bool = true) -> String {
        func list(_ v4: String, _ v6: String) -> String {
            "[" + families.map { $0 == 4 ? "\"\(v4)\"" : "\"\(v6)\"" }.joined(separator: ", ") + "]"
        }
        var text =
            "[components]\npod-network = \"\(network)\"\n[cluster]\npod-cidr = \(list("10.244.0.0/16", "fd00:10:244::/56"))\n"
        text += "[underlay]\ncidr = \(list("192.168.1.0/24", "fd00:192:168:1::/64"))\n"
        for number in 1...2 {
            text +=
                "[[node]]\nname = \"node\(number)\"\naddress = \(list("192.168.1.1\(number)", "fd00:192:168:1::1\(number)"))\n"
            text += "pod-cidr = \(list("10.244.\(number).0/24", "fd00:10:244:\(number)::/64"))\n"
        }
        for (number, name) in [(1, "a"), (2, "b")] {
            text += "[[pod]]\nname = \"\(name)\"\nnode = \"node\(number)\"\n"
            text += "address = \(list("10.244.\(number).5", "fd00:10:244:\(number)::5"))\n"
        }
        return text + (hostNetwork ? "[[pod]]\nname = \"h\"\nnode = \"node2\"\nhost-network = true\n" : "")
    }

    private func expectWorking(_ lab: TestLab, _ families: [Int]) throws {
        try lab.succeed("status")
        for family in families {
            let address = family == 4 ? "10.244.2.5" : "fd00:10:244:2::5"
            let ping = try lab.inside("default.a", "ping", "-n", "-c1", "-W2", address)
            #expect(ping.status == 0, "\(ping)")
            let host = family == 4 ? address : "[\(address)]"
            let own = family == 4 ? "10.244.1.5" : "fd00:10:244:1::5"
            let answer = try lab.lab("exec", "a", "--", "curl", "-sS", "-m5", "http://\(host)/clientip")
            #expect(answer.status == 0 && answer.output.contains(own), "\(answer)")
            let node = family == 4 ? "192.168.1.12" : "[fd00:192:168:1::12]"
            let hostNetwork = try lab.lab("exec", "a", "--", "curl", "-sS", "-m5", "http://\(node):8080/hostname")
            #expect(hostNetwork.status == 0 && !hostNetwork.output.isEmpty, "\(hostNetwork)")
        }
    }

    @Test("every pod network works with every family", arguments: ["vxlan", "host-gw"], [[4], [6], [4, 6], [6, 4]])
    func works(network: String, families: [Int]) throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(Self.text(network, families)))
            try expectWorking(lab, families)
        }
    }

    @Test("a lab changes between pod networks and families in place")
    func changes() throws {
        try withTestLab { lab in
            let steps: [(String, [Int])] = [
                ("vxlan", [4]), ("host-gw", [4]), ("vxlan", [4]), ("host-gw", [4, 6]), ("vxlan", [4, 6]),
                ("vxlan", [6]),
                ("host-gw", [6]), ("vxlan", [6, 4]), ("host-gw", [4]),
            ]
            for (network, families) in steps {
                let up = try lab.lab("up", try lab.file(Self.text(network, families)))
                #expect(up.status == 0, "\(network) \(families): \(up)")
                try expectWorking(lab, families)
                let links = try lab.inside("node1", "ip", "-o", "link").output
                #expect(links.contains("vxlan.1") == (network == "vxlan"))
            }
        }
    }
}
