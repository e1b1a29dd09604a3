import Foundation
import LabFixture
import Testing

@Suite("lab exec")
struct ExecTests {
    @Test("everything about a program in a pod, on a node and on a host")
    func exec() throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small + "[[host]]\nname = \"client\"\naddress = [\"192.168.1.100\"]\n")
            try lab.succeed("up", file)
            try statuses(lab)
            try arguments(lab)
            try surroundings(lab)
        }
    }

    private func statuses(_ lab: TestLab) throws {
        for status in [0, 1, 2, 42, 125, 126, 127, 255] {
            #expect(try lab.lab("exec", "a", "--", "sh", "-c", "exit \(status)").status == status)
        }
        for signal in [SIGTERM, SIGKILL, SIGSEGV] {
            #expect(try lab.lab("exec", "a", "--", "sh", "-c", "kill -\(signal) $$").status == 128 + signal)
        }
        let cases: [([String], Int32, String)] = [
            (["a", "--", "no-such-program"], 127, "no-such-program"),
            (["a", "--", "/etc/hostname"], 126, "/etc/hostname"),
            (["nobody", "--", "true"], 125, "no pod 'nobody'"),
            (["-c", "none", "a", "--", "true"], 125, "no container 'none'"),
            (["node/none", "--", "true"], 125, "no node 'none'"), (["../a", "--", "true"], 125, "'..'"),
            (["node1", "--", "true"], 125, "node/node1"),
            (["-n", "other", "a", "--", "true"], 125, "namespace 'other'"),
            (["a"], 2, "--"),
        ]
        for (arguments, status, text) in cases {
            let outcome = try lab.start(["exec"] + arguments).wait()
            #expect(outcome.status == status && outcome.error.contains(text), "\(outcome)")
        }
    }

    private func arguments(_ lab: TestLab) throws {
        let odd = [
            "two words", "", "'quotes'", "\"double\"", "$HOME", "*", "\\", "ünïcødé 🐟", "--", "-n", "line\nbreak",
            "--lab",
        ]
        let outcome = try lab.start(["exec", "a", "--", "printf", "%s\\0"] + odd).wait()
        #expect(
            outcome.output.split(separator: "\0", omittingEmptySubsequences: false).dropLast().map(String.init) == odd)
        let input = "\(lab.directory)/input"
        let text = (0..<20_000).map { "line \($0)\n" }.joined()
        try text.write(toFile: input, atomically: false, encoding: .utf8)
        #expect(try lab.lab("exec", "-i", "a", "--", "cat", input: input).output == text)
        let streams = try lab.lab("exec", "a", "--", "sh", "-c", "echo out; echo err >&2")
        #expect(streams.output == "out\n" && streams.error == "err\n")
    }

    private func surroundings(_ lab: TestLab) throws {
        for (place, name) in [
            ("a", "a"), ("b", "b"), ("h", "node2"), ("node/node1", "node1"), ("host/client", "client"),
        ] {
            #expect(try lab.lab("exec", place, "--", "hostname").output == "\(name)\n")
            #expect(try lab.lab("exec", place, "--", "cat", "/etc/hosts").output.contains("\t\(name)"))
            #expect(try lab.lab("exec", place, "--", "ls", "/sys/class/net").output.contains("eth0"))
        }
        #expect(try lab.lab("exec", "a", "--", "ls", "/sys/class/net").output == "eth0\nlo\n")
        #expect(try lab.lab("exec", "a", "--", "ip", "-o", "link").output.contains("eth0@"))
        let variables = try lab.lab("exec", "a", "--", "env", with: ["SECRET": "x"]).output
        #expect(variables.contains("HOSTNAME=a\n") && variables.contains("PATH=") && !variables.contains("SECRET"))
        #expect(try lab.lab("exec", "a", "--", "cat", "/etc/resolv.conf").output.contains("default.svc.cluster.local"))
        // Enters the namespaces of the container that runs, and sees it.
        let container = try #require(lab.containers().first)
        let namespaces = try lab.lab("exec", "a", "--", "readlink", "/proc/self/ns/mnt", "/proc/\(container)/ns/mnt")
            .output
        #expect(Set(namespaces.split(separator: "\n")).count == 1)
        #expect(try lab.lab("exec", "a", "--", "cat", "/proc/mounts").output.contains(lab.namespaceRoot) == false)
    }
}
