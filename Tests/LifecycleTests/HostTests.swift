import Foundation
import LabFixture
import Testing

/// The host that must not change is one of the test's own making: a network namespace with links, addresses, routes and
/// rules, and a /run of its own, so that labs elsewhere on this machine do not show.
@Suite("The host before and after")
struct HostTests {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("host-unchanged.sh").path

    private static let host = """
        set -e
        # Copies of other labs' mounts would go when those labs go.
        awk '$5 ~ "^/(tmp|run)/" { print $5 }' /proc/self/mountinfo | sort -r | while read -r path; do umount -l "$path" 2>/dev/null || :; done
        mount -t tmpfs tmpfs /run
        ip link set lo up
        sysctl -qw net.ipv6.conf.default.accept_dad=0
        ip link add up0 type bridge
        ip link set up0 up
        ip address add 192.168.1.10/24 dev up0
        ip address add fd00::10/64 dev up0 nodad
        ip route add 10.244.0.0/16 via 192.168.1.1
        ip neighbor add 192.168.1.1 lladdr 02:00:00:00:00:01 dev up0 nud permanent
        ip rule add from 10.244.1.5 table 77
        nft add table inet mine
        sysctl -qw net.ipv4.ip_forward=0

        """

    /// Runs a script in a host of its own, with the tool's usual directories.
    private func onHost(_ lab: TestLab, _ cycle: String) throws -> Outcome {
        let path = "\(lab.directory)/cycle.sh"
        try cycle.write(toFile: path, atomically: false, encoding: .utf8)
        return try run(
            "unshare", "--net", "--mount", "sh", "-c", Self.host + "exec \"$0\" \"$@\"", Self.script, "sh", "-ex", path,
            environment: ["LAB_STATE_ROOT": "", "LAB_NETNS_ROOT": "", "lab": TestLab.program])
    }

    @Test("up, change, exec, traffic, kill and down leave the host as it was")
    func cycle() throws {
        try withTestLab { lab in
            let before = try lab.file(LabTexts.before, "before.toml")
            let after = try lab.file(LabTexts.after, "after.toml")
            let outcome = try onHost(
                lab,
                """
                "$lab" up \(before)
                "$lab" exec a -- ping -n -c2 -i0.1 10.244.2.3
                "$lab" exec node/node1 -- curl -sS -m5 http://192.168.1.11:8088/hostname
                "$lab" up \(after)
                "$lab" status
                kill -9 $("$lab" list | sed -n 's/.*process //p')
                ! "$lab" status
                "$lab" up \(after)
                "$lab" exec d -- ping -n -c1 10.244.1.7
                "$lab" down
                "$lab" down
                """)
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test("a lab that is still up shows", arguments: [0, 1])
    func forgotten(place: Int) throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            let outcome = try onHost(lab, #""$lab" up \#(file)"#)
            defer { for pid in lab.leftovers() { kill(pid, SIGKILL) } }
            #expect(outcome.status == 1)
            let text = [" /run/netns/\(lab.name).node1 ", "+/run/lab/\(lab.name)"][place]
            #expect(outcome.error.contains(text), "\(outcome)")
        }
    }

    @Test(
        "any change of the host shows",
        arguments: [
            "ip link add up1 type bridge", "ip address add 10.9.9.9/32 dev up0",
            "ip route add 10.8.0.0/16 via 192.168.1.1",
            "ip rule add from 10.9.9.9 table 78",
            "ip neighbor add 192.168.1.2 lladdr 02:00:00:00:00:02 dev up0 nud permanent",
            "sysctl -qw net.ipv4.ip_forward=1", "nft add table inet other", "mount -t tmpfs tmpfs /mnt",
            "touch /run/file",
        ])
    func changed(command: String) throws {
        try withTestLab { lab in
            let outcome = try onHost(lab, command)
            #expect(outcome.status == 1 && outcome.error.contains("not as it was"), "\(outcome)")
        }
    }

    @Test("a command's own failure is passed on")
    func failing() throws {
        try withTestLab { lab in
            let outcome = try onHost(lab, "exit 7")
            #expect(outcome.status == 7)
        }
    }
}

extension TestLab {
    /// Supervisors and containers of a lab in a mount namespace that nobody can enter any more.
    fileprivate func leftovers() -> [pid_t] {
        HostProcesses.all().filter { $0.arguments.contains(name) || $0.environment.contains("LAB_CONTAINER=\(name)") }
            .map(\.pid)
    }
}
