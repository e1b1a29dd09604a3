import Foundation
import LabFixture
import Testing

/// `kubectl run` and `kubectl attach` against a lab, with a kubectl that speaks WebSocket.
@Suite("attaching with kubectl", .enabled(if: Kubectl.isRecent))
struct AttachTests {
    private func withNodes(_ body: (TestLab) throws -> Void) throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(LabTexts.nodes))
            try body(lab)
        }
    }

    /// Runs a shell's script with kubectl at a terminal, or with pipes.
    private func shell(_ lab: TestLab, _ script: String) throws -> Outcome {
        try run("bash", "-c", script, environment: ["KUBECONFIG": "\(lab.stateDirectory)/kubeconfig"])
    }

    /// A command at a terminal, whose user types lines and then Ctrl-D when the prompt has come.
    private func typing(_ lines: [String], into command: String) -> String {
        """
        coproc script -qec "\(command)" /dev/null 2>&1
        text=
        while IFS= read -r -n1 -d '' character <&"${COPROC[0]}"; do
            text+=$character
            [[ $text == *'# ' ]] && break
        done
        printf '\(lines.map { $0 + "\\n" }.joined())\\004' >&"${COPROC[1]}"
        cat <&"${COPROC[0]}"
        wait $COPROC_PID
        """
    }

    @Test("a short program's output is shown, its exit status is kubectl's, and --rm removes the pod")
    func short() throws {
        try withNodes { lab in
            let outcome = try shell(
                lab, "kubectl run tmp --image=busybox --rm -i --restart=Never -- sh -c 'echo hi; exit 3' </dev/null")
            #expect(outcome.status == 3 && outcome.output.hasPrefix("hi\n"), "\(outcome)")
            #expect(outcome.output.contains("pod \"tmp\" deleted"), "\(outcome)")
            #expect(try shell(lab, "kubectl get pods --no-headers").output.isEmpty)
        }
    }

    @Test("arguments are a command of a tool image, as the documents have it")
    func documents() throws {
        try withNodes { lab in
            let outcome = try shell(
                lab, "kubectl run tmp --image=busybox --rm -it -- getent hosts localhost </dev/null")
            #expect(outcome.status == 0 && outcome.output.contains("localhost"), "\(outcome)")
        }
    }

    @Test("what is piped into kubectl run arrives, and its end too")
    func piped() throws {
        try withNodes { lab in
            let outcome = try shell(
                lab, "seq 1 50000 | kubectl run tmp --image=alpine --rm -i --restart=Never -- wc -l")
            #expect(outcome.status == 0 && outcome.output.contains("50000\n"), "\(outcome)")
        }
    }

    @Test("a shell at a terminal takes what is typed, and ends with Ctrl-D")
    func interactive() throws {
        try withNodes { lab in
            let command = "kubectl run tmp --image=busybox --rm -it --restart=Never -- sh"
            let outcome = try shell(lab, typing(["stty size; tty", "echo mark$((40+2))"], into: command))
            #expect(outcome.status == 0 && outcome.output.contains("mark42"), "\(outcome)")
            #expect(outcome.output.contains("/dev/pts/"), "\(outcome)")
            #expect(outcome.output.contains("pod \"tmp\" deleted"), "\(outcome)")
        }
    }

    @Test("attach shows a container without input what comes, and types into one that has a terminal")
    func attach() throws {
        try withNodes { lab in
            let script = """
                set -e
                kubectl run typed --image=busybox --restart=Never --stdin --tty --attach=false -- sh
                kubectl run silent --image=busybox --restart=Never -- sh -c 'while :; do echo tick; sleep 0.1; done'
                kubectl wait --for=condition=Ready pod/typed pod/silent --timeout=30s
                kubectl attach silent | head -n 2
                """
            let outcome = try shell(lab, script)
            #expect(outcome.status == 0 && outcome.output.hasSuffix("tick\ntick\n"), "\(outcome)")
            let typed = try shell(lab, typing(["echo mark$((40+2))"], into: "kubectl attach -it typed"))
            #expect(typed.output.contains("mark42"), "\(typed)")
            #expect(try shell(lab, "kubectl logs typed").output.contains("mark42"))
        }
    }

    @Test("a program with a terminal ends with its supervisor, and the next one takes it for ended")
    func supervisorKilled() throws {
        try withNodes { lab in
            let outcome = try shell(
                lab,
                """
                kubectl run a --image=busybox --restart=Never --stdin --tty --attach=false -- sh -c 'exec sleep 1000'
                kubectl wait --for=condition=Ready pod/a --timeout=30s
                """)
            #expect(outcome.status == 0, "\(outcome)")
            lab.killSupervisors()
            #expect(eventually { lab.containers().isEmpty })
            try lab.succeed("up", "\(lab.directory)/lab.toml")
            let phase = try shell(
                lab, "kubectl wait --for=jsonpath={.status.phase}=Failed pod/a --timeout=30s")
            #expect(phase.status == 0, "\(phase)")
            #expect(lab.containers().isEmpty)
        }
    }
}

/// The kubectl of this machine.
enum Kubectl {
    /// Whether there is one of 1.31 or later: older ones do not speak WebSocket.
    static let isRecent: Bool = {
        guard let outcome = try? run("kubectl", "version", "--client"), outcome.status == 0,
            let minor = outcome.output.split(separator: "v1.", maxSplits: 1).last?.prefix(while: \.isNumber)
        else { return false }
        return Int(minor).map { $0 >= 31 } ?? false
    }()
}
