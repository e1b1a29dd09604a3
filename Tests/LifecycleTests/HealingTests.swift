import Foundation
import LabFixture
import Testing

@Suite("Something of a lab is changed behind its back")
struct HealingTests {
    /// What somebody does, and a word that status has to say about it.
    struct Damage: CustomTestStringConvertible, Sendable {
        let namespace: String
        let command: [String]
        let word: String
        var testDescription: String { "\(namespace): \(command.joined(separator: " "))" }

        init(_ namespace: String, _ command: String, _ word: String) {
            self.namespace = namespace
            self.command = command.split(separator: " ").map(String.init)
            self.word = word
        }
    }

    static let damages = [
        Damage("default.a", "ip link delete eth0", "veth pair"),
        Damage("default.a", "ip link set eth0 down", "bring up eth0"),
        Damage("default.a", "ip address delete 10.244.1.5/24 dev eth0", "10.244.1.5"),
        Damage("default.a", "ip route delete default", "route"),
        Damage("default.a", "ip neighbor delete 10.244.1.1 dev eth0", "neighbour"),
        Damage(
            "default.a", "ip neighbor replace 10.244.1.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent", "neighbour"),
        Damage("default.a", "ip link set lo down", "bring up lo"),
        Damage("default.a", "ip link set eth0 mtu 1000", "veth pair"),
        Damage("default.a", "ip link set eth0 address 02:00:00:00:00:01", "veth pair"),
        Damage("node1", "ip link delete cni0", "bridge"),
        Damage("node1", "ip link set cni0 down", "bring up cni0"),
        Damage("node1", "ip link delete vxlan.1", "VXLAN"),
        Damage("node1", "ip link delete eth0", "veth pair"),
        Damage("node1", "ip address flush dev eth0", "192.168.1.10"),
        Damage("node1", "ip route delete 10.244.2.0/24", "10.244.2.0/24"),
        Damage("node1", "ip neighbor flush all nud permanent", "neighbour"),
        Damage("node1", "bridge fdb delete 0e:58:c0:a8:01:0b dev vxlan.1 dst 192.168.1.11 self", "forwarding"),
        Damage("node1", "sysctl -qw net.ipv4.ip_forward=0", "ip_forward"),
        Damage("node2", "nft flush ruleset", "hostPort"),
        Damage("node2", "nft delete table ip lab-hostports", "hostPort"),
        Damage("underlay", "ip link delete underlay0", "bridge"),
    ]

    private func expectWhole(_ lab: TestLab) throws {
        try lab.succeed("status")
        let ping = try lab.inside("default.a", "ping", "-n", "-c1", "-W2", "10.244.2.3")
        #expect(ping.status == 0, "\(ping)")
        let answer = try lab.lab("exec", "node/node1", "--", "curl", "-sS", "-m5", "http://192.168.1.11:8088/hostname")
        #expect(answer.status == 0 && answer.output.hasPrefix("b"), "\(answer)")
    }

    @Test("status names what is missing, up heals it")
    func damaged() throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            try lab.succeed("up", file)
            for damage in Self.damages {
                let done = try RunningCommand(["nsenter", "--net=\(lab.namespace(damage.namespace))"] + damage.command)
                    .wait()
                #expect(done.status == 0, "\(damage.testDescription): \(done)")
                let status = try lab.lab("status")
                #expect(
                    status.status == 1 && status.output.contains(damage.word), "\(damage.testDescription): \(status)")
                let up = try lab.lab("up", file)
                #expect(up.status == 0, "\(damage.testDescription): \(up)")
                let healed = try lab.lab("status")
                #expect(healed.status == 0, "\(damage.testDescription): \(healed)")
                try expectWhole(lab)
            }
        }
    }

    @Test(
        "a namespace deleted: status says which, up makes it anew",
        arguments: ["default.a", "default.b", "default.h", "node1", "node2", "underlay"])
    func deleted(namespace: String) throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            try lab.succeed("up", file)
            for hasSupervisor in [true, false] {
                if !hasSupervisor { lab.killSupervisors() }
                try succeed("umount", lab.namespace(namespace))
                try FileManager.default.removeItem(atPath: lab.namespace(namespace))
                let status = try lab.lab("status")
                #expect(status.status == 1 && status.output.contains("\(lab.name).\(namespace)"), "\(status)")
                try lab.succeed("up", file)
                try expectWhole(lab)
                #expect(lab.containers().count == 1)
            }
        }
    }

    @Test("a namespace that somebody else made under a name of the lab: refused, untouched, nothing left")
    func foreignNamespace() throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            // As ip netns add prepares it.
            try FileManager.default.createDirectory(atPath: lab.namespaceRoot, withIntermediateDirectories: true)
            try succeed("mount", "--bind", "--make-shared", lab.namespaceRoot, lab.namespaceRoot)
            let path = lab.namespace("default.a")
            try Data().write(to: URL(fileURLWithPath: path))
            try succeed("unshare", "--net", "sh", "-c", "mount --bind /proc/self/ns/net \(path) && ip link set lo up")
            defer {
                for mount in [path, lab.namespaceRoot] { _ = try? run("umount", mount) }
                try? FileManager.default.removeItem(atPath: lab.namespaceRoot)
            }
            for _ in 0..<2 {
                let up = try lab.lab("up", file)
                #expect(up.status == 1 && up.error.contains("is not this lab's"), "\(up)")
                #expect(lab.namespaces() == ["default.a"])
                #expect(!FileManager.default.fileExists(atPath: lab.stateRoot))
                #expect(try lab.inside("default.a", "ip", "-o", "link", "show", "up").output.contains("lo:"))
            }
            // One that appears in the way of a later change is refused too, and the lab stays as it was.
            let other = try lab.file(LabTexts.nodes + LabTexts.pod("b", on: "node2", "10.244.2.3"), "other.toml")
            try lab.succeed("up", other)
            let up = try lab.lab("up", file)
            #expect(up.status == 1 && up.error.contains("is not this lab's"), "\(up)")
            try lab.succeed("down", lab.name)
            #expect(lab.namespaces() == ["default.a"])
        }
    }

    @Test("routes, addresses and tables that somebody has added stay")
    func foreignObjects() throws {
        try withTestLab { lab in
            let before = try lab.file(LabTexts.before, "before.toml")
            let after = try lab.file(LabTexts.after, "after.toml")
            try lab.succeed("up", before)
            let commands = [
                "ip address add 172.16.0.1/24 dev eth0", "ip route add 172.17.0.0/16 via 192.168.1.11",
                "ip neighbor add 172.16.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent", "nft add table inet mine",
                "ip rule add from 172.16.0.1 table 77",
            ]
            for command in commands { try succeed("nsenter", "--net=\(lab.namespace("node1"))", "sh", "-c", command) }
            try lab.succeed("status")
            try lab.succeed("up", after)
            try lab.succeed("status")
            let seen = try ["ip address", "ip route", "ip neighbor", "nft list tables", "ip rule"].map {
                try lab.inside("node1", "sh", "-c", $0).output
            }.joined()
            for text in ["172.16.0.1/24", "172.17.0.0/16", "172.16.0.2", "table inet mine", "lookup 77"] {
                #expect(seen.contains(text), "\(text)")
            }
        }
    }
}
