import Foundation
import LabFixture
import Testing

@Suite("Bad circumstances")
struct BadCircumstancesTests {
    @Test(
        "without root: exit status 3, and a sentence that names root",
        arguments: [["up"], ["down"], ["status"], ["inspect"]])
    func notRoot(verb: [String]) throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            chmod(lab.directory, 0o755)
            // The program's directory need not be open to everybody. Not copied by this process: a program that another
            // test starts meanwhile would hold the copy open for writing for a moment.
            let program = "\(lab.directory)/lab"
            try LabFixture.succeed("cp", TestLab.program, program)
            if verb != ["up"] { try lab.succeed("up", file) }
            let arguments = verb == ["up"] ? [file] : verb == ["down"] ? [lab.name] : []
            let outcome = try RunningCommand(
                ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", program] + verb
                    + arguments,
                environment: lab.environment
            ).wait()
            #expect(outcome.status == 3 && outcome.error.contains("root"), "\(outcome)")
            if verb != ["up"] { try lab.succeed("status") }
        }
    }

    @Test("a full disk: a sentence, and nothing is left behind", arguments: [1, 2, 3, 4, 6, 8, 12, 16])
    func fullDisk(pages: Int) throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            let script = """
                mkdir -p \(lab.directory)/disk
                mount -t tmpfs -o size=\(pages * 4)k tmpfs \(lab.directory)/disk
                export LAB_STATE_ROOT=\(lab.directory)/disk/state
                "$0" up \(file)
                status=$?
                [ -d "$LAB_STATE_ROOT" ] && echo "left: $(find $LAB_STATE_ROOT)"
                [ -d \(lab.namespaceRoot) ] && echo "left: $(find \(lab.namespaceRoot))"
                "$0" down
                [ -d "$LAB_STATE_ROOT" ] && echo "left by down: $(find $LAB_STATE_ROOT)"
                exit $status
                """
            let outcome = try run(
                "unshare", "--mount", "sh", "-c", script, TestLab.program, environment: lab.environment)
            if outcome.status == 0 {
                // Enough room for everything but a container's record or log: that container says so.
                #expect(pages > 4, "\(outcome)")
                #expect(!outcome.output.contains("left by down"), "\(outcome)")
            } else {
                #expect(
                    outcome.error.contains("No space left on device") || outcome.error.contains("disk is full"),
                    "\(outcome)")
                #expect(!outcome.output.contains("left"), "\(outcome)")
            }
        }
    }

    @Test("a disk that is full when a lab is changed: the lab stays as it was")
    func fullDiskLater() throws {
        try withTestLab { lab in
            let before = try lab.file(LabTexts.small, "before.toml")
            let after = try lab.file(
                LabTexts.small + LabTexts.large(pods: 40).dropFirst(LabTexts.nodes.count), "after.toml")
            let script = """
                mkdir -p \(lab.directory)/disk
                mount -t tmpfs -o size=2m tmpfs \(lab.directory)/disk
                export LAB_STATE_ROOT=\(lab.directory)/disk/state
                trap '"$0" down' EXIT
                "$0" up \(before) && cat /dev/zero > \(lab.directory)/disk/full 2>/dev/null
                "$0" up \(after) && exit 100
                rm \(lab.directory)/disk/full
                "$0" exec a -- ping -n -c1 -W2 10.244.2.3 || exit 101
                "$0" up \(before) && "$0" status || exit 102
                "$0" up \(after) && "$0" status || exit 103
                """
            let outcome = try run(
                "unshare", "--mount", "sh", "-c", script, TestLab.program, environment: lab.environment)
            #expect(
                outcome.status == 0
                    && (outcome.error.contains("No space left on device") || outcome.error.contains("disk is full")),
                "\(outcome)")
        }
    }

    @Test(
        "few open files: a sentence with the remedy, nothing left; or it works",
        arguments: [16, 24, 32, 48, 64, 96, 128])
    func fewOpenFiles(limit: Int) throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.large(pods: 30))
            let outcome = try run(
                "sh", "-c", "ulimit -n \(limit); exec \"$0\" up \(file)", TestLab.program, environment: lab.environment)
            if outcome.status == 0 {
                #expect(limit > 64, "\(outcome)")
            } else {
                #expect(outcome.error.lowercased().contains("too many open files"), "\(outcome)")
                #expect(try eventually { try lab.remains().isEmpty }, "\(outcome)")
            }
        }
    }

    @Test("containers that cannot run are told with the reason; the rest works")
    func containers() throws {
        try withTestLab { lab in
            let file = try lab.file(
                LabTexts.nodes + LabTexts.pod("good", on: "node1", "10.244.1.5")
                    + LabTexts.pod(
                        "missing", on: "node1", "10.244.1.6", #"{ name = "c", image = "x", command = ["/no/such"] }"#)
                    + LabTexts.pod(
                        "plain", on: "node1", "10.244.1.7", #"{ name = "c", image = "x", command = ["/etc/passwd"] }"#)
                    + LabTexts.pod("image", on: "node2", "10.244.2.3", #"{ name = "c", image = "no-such-image:1" }"#))
            let up = try lab.lab("up", file)
            #expect(up.status == 0, "\(up)")
            let status = try lab.lab("status")
            #expect(status.status == 1)
            for text in ["No such file or directory", "Permission denied", "no-such-image:1"] {
                #expect(up.output.contains(text), "\(up)")
                #expect(status.output.contains(text), "\(status)")
            }
            for pod in ["missing", "plain", "image"] { #expect(up.output.contains("default/\(pod) c"), "\(up)") }
            try lab.succeed("exec", "good", "--", "ping", "-n", "-c1", "-W2", "10.244.2.3")
            let answer = try lab.lab("exec", "image", "--", "curl", "-sS", "-m5", "http://10.244.1.5/hostname")
            #expect(answer.status == 0 && answer.output.hasPrefix("good"), "\(answer)")
        }
    }

    @Test(
        "a file that is none of ours: exit status 2, a sentence, nothing created",
        arguments: [
            "name = \"\(String(repeating: "x", count: 300))\"\n[[node]]\nname = \"n\"\n", "name = \"../../etc\"\n",
            "name = \"a/b\"\n", "name = \"\"\n", "name = 7\n", "name = \"x\"\nmanifests = [\"lab.toml\"]\n", "",
            String(decoding: (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 193 &+ 7) }, as: UTF8.self),
        ])
    func badFile(text: String) throws {
        try withTestLab { lab in
            let path = "\(lab.directory)/lab.toml"
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            let outcome = try lab.lab("up", path)
            #expect(outcome.status == 2 && outcome.error.contains("lab.toml") && outcome.output.isEmpty, "\(outcome)")
            #expect(try lab.remains() == [])
        }
    }

    @Test("random bytes, a directory, no file, a device: exit status 2, nothing created")
    func noFile() throws {
        try withTestLab { lab in
            var generator = SystemRandomNumberGenerator()
            let bytes = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let random = "\(lab.directory)/random.toml"
            try Data(bytes).write(to: URL(fileURLWithPath: random))
            for path in [random, lab.directory, "\(lab.directory)/none.toml", "/dev/null"] {
                let outcome = try lab.lab("up", path)
                #expect(outcome.status == 2 && !outcome.error.isEmpty, "\(outcome) \(path == random ? bytes : [])")
                #expect(try lab.remains() == [])
            }
        }
    }

    @Test(
        "names that are none: exit status 2, nothing touched",
        arguments: ["../x", "a/b", "", ".", "X", String(repeating: "x", count: 300)])
    func badName(name: String) throws {
        try withTestLab { lab in
            let outcome = try lab.lab("down", name)
            #expect(outcome.status == 2 && !outcome.error.isEmpty, "\(outcome)")
            #expect(try lab.remains() == [])
        }
    }

    @Test("a state root too deep for a Unix socket: refused at once, nothing left")
    func deepRoot() throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            let root = "\(lab.directory)/\(String(repeating: "d", count: 100))"
            let outcome = try lab.lab("up", file, with: ["LAB_STATE_ROOT": root])
            #expect(outcome.status != 0 && outcome.error.contains("cannot"), "\(outcome)")
            #expect(!FileManager.default.fileExists(atPath: root))
        }
    }
}
