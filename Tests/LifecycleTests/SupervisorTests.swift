import Foundation
import LabFixture
import Testing

@Suite("The supervisor killed")
struct SupervisorTests {
    @Test("no packet between pods is lost, containers go on, status says so, up heals")
    func killed() throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            try lab.succeed("up", file)
            let containers = lab.containers()
            #expect(containers.count == 1)
            let ping = try RunningCommand([
                "nsenter", "--net=\(lab.namespace("default.a"))", "ping", "-n", "-i", "0.01", "-c", "100", "-W", "2",
                "10.244.2.3",
            ])
            lab.killSupervisors()
            let outcome = try ping.wait()
            #expect(outcome.output.contains("100 packets transmitted, 100 received"), "\(outcome)")

            let status = try lab.lab("status")
            #expect(status.status == 1 && status.output.contains("not running"), "\(status)")
            #expect(lab.containers() == containers)

            try lab.succeed("up", file)
            try lab.succeed("status")
            #expect(lab.containers() == containers)
            let answer = try lab.lab("exec", "a", "--", "curl", "-sS", "-m5", "http://10.244.2.3/hostname")
            #expect(answer.status == 0 && answer.output.hasPrefix("b"), "\(answer)")
        }
    }

    @Test("a container that ends is started again; one that keeps ending waits, is told, and up starts it at once")
    func containerEnds() throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            try lab.succeed("up", file)
            let container = try #require(lab.containers().first)
            kill(container, SIGTERM)
            // A process that is just becoming its program is not seen for a moment.
            var second = container
            #expect(
                eventually {
                    second = lab.containers().first ?? container
                    return second != container
                })
            kill(second, SIGTERM)
            #expect(try eventually { try lab.lab("status").output.contains("ended with exit status 143") })
            #expect(try lab.lab("status").status == 1)
            try lab.succeed("up", file)
            try lab.succeed("status")
            #expect(lab.containers().count == 1 && lab.containers() != [second])
        }
    }

    @Test("down ends a container whose namespace somebody has deleted")
    func deletedNamespace() throws {
        try withTestLab { lab in
            try lab.succeed("up", try lab.file(LabTexts.small))
            #expect(lab.containers().count == 1)
            try succeed("umount", lab.namespace("default.a"))
            try FileManager.default.removeItem(atPath: lab.namespace("default.a"))
            try lab.succeed("down", lab.name)
            #expect(try lab.remains() == [])
        }
    }

    @Test("a pod that is removed takes along what somebody runs in it")
    func removedPod() throws {
        try withTestLab { lab in
            let before = try lab.file(LabTexts.before, "before.toml")
            let after = try lab.file(LabTexts.small, "after.toml")
            try lab.succeed("up", before)
            let program = try lab.start(["exec", "c", "--", "sh", "-c", "echo started >&2; exec sleep 1000"])
            #expect(try program.waitForError(containing: "started"))
            try lab.succeed("up", after)
            let outcome = try program.wait()
            #expect(outcome.status == 128 + SIGKILL)
        }
    }
}
