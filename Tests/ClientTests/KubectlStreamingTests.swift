import Foundation
import LabFixture
import Testing

extension Clients {
    @Suite("kubectl in pods")
    struct KubectlStreamingTests {
        @Test("a kubectl that speaks SPDY is told what is wanted", arguments: Kubectl.withSPDY)
        func spdy(_ kubectl: Kubectl) throws {
            let k = KubectlSession(kubectl: kubectl, lab: try TestLab.shared(), namespace: "default")
            let sentence = "SPDY is not supported here: use kubectl 1.31 or later, or a client that speaks WebSocket"
            #expect(try k.refused("exec", "pod-a", "--", "true").contains(sentence))
            #expect(try k.refused("port-forward", "pod-a", ":80").contains(sentence))
        }

        @Test("exec keeps the streams apart and tells how the command ended", arguments: Kubectl.withWebSocket)
        func exec(_ kubectl: Kubectl) throws {
            let k = KubectlSession(kubectl: kubectl, lab: try TestLab.shared(), namespace: "default")
            let outcome = try k.run("exec", "pod-a", "--", "sh", "-c", "echo out; echo err >&2; exit 7")
            #expect(outcome.status == 7)
            #expect(outcome.output == "out\n")
            #expect(outcome.error == "err\ncommand terminated with exit code 7\n")
            let address = try k("exec", "pod-b", "--", "ip", "-4", "-o", "address", "show", "dev", "eth0")
            #expect(address.contains("10.244.2.3/24"))
            #expect(try k.refused("exec", "nobody", "--", "true").contains(#"pods "nobody" not found"#))
            #expect(try k.refused("exec", "pod-a", "-c", "nobody", "--", "true").contains("nobody"))
            #expect(try k.run("exec", "pod-a", "--", "no-such-program").status != 0)
        }

        @Test("exec takes a standard input of a megabyte to its end", arguments: Kubectl.withWebSocket)
        func input(_ kubectl: Kubectl) throws {
            let k = KubectlSession(kubectl: kubectl, lab: try TestLab.shared(), namespace: "default")
            let text = (0..<100_000).map { "line \($0)" }.joined(separator: "\n")
            let file = try k.lab.manifest(text, "input.txt")
            #expect(try k("exec", "-i", "pod-a", "--", "cat", input: file) == text)
            #expect(try k("exec", "-i", "pod-a", "--", "wc", "-c", input: file) == "\(text.utf8.count)")
        }

        @Test("exec -t gives the command a terminal", arguments: Kubectl.withWebSocket)
        func terminal(_ kubectl: Kubectl) throws {
            let k = KubectlSession(kubectl: kubectl, lab: try TestLab.shared(), namespace: "default")
            let outcome = try k.onTerminal("exec", "-it", "pod-a", "--", "sh", "-c", "tty; exit 5")
            #expect(outcome.status == 5, "\(outcome)")
            #expect(outcome.output.contains("/dev/pts/"), "\(outcome)")
        }

        @Test("cp copies files and directories into pods and back", arguments: Kubectl.withWebSocket)
        func copy(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("copy") { k in
                try k.apply(Manifests.pod("box", "exec sleep infinity"))
                try k("wait", "--for=condition=Ready", "pod/box", "--timeout=50s")
                // Pods have the host's files: the copies lie beside the lab's directories.
                let text = (0..<20_000).map { "\($0)" }.joined(separator: "\n")
                let file = try k.lab.manifest(text, "original.txt")
                let there = "\(k.lab.directory)/there-\(kubectl.minor)"
                try FileManager.default.createDirectory(atPath: there, withIntermediateDirectories: true)
                try k("cp", file, "box:\(there)/copy.txt")
                #expect(try k("exec", "box", "--", "cat", "\(there)/copy.txt") == text)
                let back = "\(k.lab.directory)/back-\(kubectl.minor)"
                try k("cp", "box:\(there)", back)
                #expect(try String(contentsOfFile: "\(back)/copy.txt", encoding: .utf8) == text)
            }
        }

        @Test("port-forward carries connections to a pod", arguments: Kubectl.withWebSocket)
        func portForward(_ kubectl: Kubectl) throws {
            let k = KubectlSession(kubectl: kubectl, lab: try TestLab.shared(), namespace: "default")
            let forward = try k.start("port-forward", "pod/pod-b", ":80")
            defer { forward.send(SIGKILL) }
            #expect(try forward.waitForOutput(containing: "-> 80\n"))
            let port = try #require(forward.output.firstMatch(of: /127\.0\.0\.1:(\d+) -> 80/)?.1)
            for _ in 0..<3 {
                #expect(try succeed("curl", "-sS", "http://127.0.0.1:\(port)/hostname") == "pod-b")
            }
            forward.send(SIGTERM)
            _ = try forward.wait()
        }

        @Test("run -i feeds a pod its input and shows what it makes of it", arguments: Kubectl.withWebSocket)
        func interactive(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("interactive") { k in
                let file = try k.lab.manifest("some words\n", "words.txt")
                let outcome = try k.run(
                    "run", "fed", "--image=busybox", "--restart=Never", "-i", "--rm", "--quiet", "--command", "--",
                    "sh", "-c", "read line; echo got $line; exit 3", input: file)
                #expect(outcome.output.contains("got some words\n"), "\(outcome)")
                #expect(outcome.status == 3, "\(outcome)")
            }
        }

        @Test("run starts a pod and shows what it says", arguments: Kubectl.all)
        func run(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("run") { k in
                let made = try k("run", "once", "--image=busybox", "--restart=Never", "--command", "--", "echo", "ran")
                #expect(made == "pod/once created")
                #expect(try eventually { try k.run("logs", "once").output == "ran\n" })
                #expect(
                    try eventually { try k("get", "pod", "once", "-o", "jsonpath={.status.phase}") == "Succeeded" })
                #expect(try k("delete", "pod", "once") == #"pod "once" deleted"#)
            }
        }
    }
}
