import Foundation
import LabFixture
import Testing

@Suite("lab up --commands and --dry-run")
struct PreviewTests {
    /// Prints what every namespace under /run/netns holds, without what differs from run to run (indexes, timers, the
    /// states that links come to by themselves, learnt entries) and without the rules of Services and policies, which
    /// the supervisor keeps.
    private static let survey = #"""
        survey() {
            for path in /run/netns/*; do
                name=${path##*/}
                echo "== $name"
                ip -n $name -o link | sed -E 's/^[0-9]+: //; s/@[^:]*//; s/,?(LOWER_UP|NO-CARRIER)//g; s/ state [A-Z]+//; s/ link-netns(id)? [^ ]+//' | sort
                ip -n $name -d -o link | grep -oE 'forward_delay [0-9]+|stp_state [0-9]+|mcast_snooping [0-9]+|vxlan id .*ttl' | sort
                ip -n $name -o address | sed -E 's/^[0-9]+: //; s/valid_lft.*//' | sort
                { ip -n $name -4 route; ip -n $name -6 route; } | sed -E 's/ linkdown//; s/ pref medium//; s/ expires [^ ]+//' | sort
                ip -n $name neighbor show nud permanent | sort
                bridge -n $name fdb show | grep permanent | grep -vE '^(33:33|01:00:5e)' | sort
                for link in $(ip -n $name -o link show type veth | sed -E 's/^[0-9]+: //; s/@.*//'); do
                    echo $link $(ip netns exec $name ethtool -k $link | grep tx-checksumming)
                done
                ip netns exec $name sysctl -a 2>/dev/null | grep '^net\.' | grep -vE 'nf_conntrack_count|stable_secret'
                ip netns exec $name nft list tables | grep -Ev ' lab-(service-proxy|network-policy)$' | while read -r table; do
                    ip netns exec $name nft --stateless list $table
                done
            done
        }
        mount -t tmpfs tmpfs /run
        """#

    /// What a lab holds that `building` makes in a /run of its own.
    private func survey(_ lab: TestLab, _ building: String) throws -> String {
        let outcome = try run(
            "unshare", "--mount", "sh", "-c", "\(Self.survey)\nset -e\n\(building)\nset +e\nsurvey\n\"$0\" down >&2",
            TestLab.program,
            environment: ["LAB_STATE_ROOT": "", "LAB_NETNS_ROOT": "", "COMMANDS": "\(lab.directory)/commands"])
        #expect(outcome.status == 0, "\(outcome)")
        return outcome.output
    }

    @Test(
        "the commands, typed into a shell, build what lab up builds",
        arguments: [
            LabTexts.small, PodNetworkTests.text("vxlan", [4, 6]), PodNetworkTests.text("host-gw", [6]),
            LabTexts.third + "[[host]]\nname = \"client\"\naddress = [\"192.168.1.100\"]\n",
        ])
    func commands(text: String) throws {
        try withTestLab { lab in
            let file = try lab.file(text)
            let commands = try lab.succeed("up", "--commands", file)
            #expect(try lab.remains() == [])
            try commands.write(toFile: "\(lab.directory)/commands", atomically: false, encoding: .utf8)
            let byTool = try survey(lab, "\"$0\" up \(file) >&2")
            let byHand = try survey(lab, "sh -e $COMMANDS >&2")
            let lines = (byTool.split(separator: "\n"), byHand.split(separator: "\n"))
            #expect(lines.0.count > 100)
            let difference = lines.1.difference(from: lines.0)
            #expect(difference.isEmpty, "\(difference.map { "\($0)" }.joined(separator: "\n"))")
        }
    }

    @Test("a dry run says what would be done, does nothing, and finds nothing to do afterwards")
    func dryRun() throws {
        try withTestLab { lab in
            let before = try lab.file(LabTexts.before, "before.toml")
            let after = try lab.file(LabTexts.after, "after.toml")
            let first = try lab.succeed("up", "--dry-run", before)
            #expect(first.contains("create the network namespace \(lab.name).node1"))
            #expect(try lab.remains() == [])
            let count = try #require(first.split(separator: "\n").last)
            #expect(try lab.succeed("up", before).contains("; \(count),"))
            #expect(try lab.succeed("up", "--dry-run", before) == "\(lab.name) is as its file says\n")
            #expect(try lab.succeed("up", "--commands", before).isEmpty)
            let state = try lab.lab("inspect", "-o", "json").output
            #expect(
                try lab.succeed("up", "--dry-run", after).contains("remove the network namespace \(lab.name).default.c")
            )
            #expect(try lab.lab("inspect", "-o", "json").output == state)
            try lab.succeed("status")
        }
    }
}
