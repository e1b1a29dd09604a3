import Foundation
import LabFixture
import Testing

@Suite("Ctrl-C and its relatives during lab up")
struct InterruptionTests {
    @Test(
        "during a build: exit status 130, and nothing is left",
        arguments: [SIGINT, SIGTERM, SIGHUP], ["starting the supervisor", "planning", "building the network"])
    func build(signal: Int32, phase: String) throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.large(pods: 60))
            let up = try lab.start(["up", file])
            #expect(try up.waitForError(containing: phase))
            up.send(signal)
            let outcome = try up.wait()
            #expect(outcome.status == 130, "\(outcome)")
            let remains = try lab.remains().filter { !$0.hasPrefix("process") }
            #expect(remains.isEmpty, "\(remains)")
            // The supervisor is at its end once it has answered.
            #expect(try eventually { try lab.remains().isEmpty })
        }
    }

    @Test(
        "during a convergence: what was there works on, what this run added is gone",
        arguments: [SIGINT, SIGTERM, SIGHUP])
    func convergence(signal: Int32) throws {
        try withTestLab { lab in
            let small = try lab.file(LabTexts.small, "small.toml")
            let large = try lab.file(
                LabTexts.small + LabTexts.large(pods: 60).dropFirst(LabTexts.nodes.count), "large.toml")
            try lab.succeed("up", small)
            let containers = lab.containers()
            let up = try lab.start(["up", large])
            #expect(try up.waitForError(containing: "building the network"))
            up.send(signal)
            let outcome = try up.wait()
            #expect(outcome.status == 130, "\(outcome)")
            #expect(lab.namespaces() == LabTexts.smallNamespaces)
            #expect(lab.containers() == containers)
            let ping = try lab.inside("default.a", "ping", "-n", "-c1", "-W2", "10.244.2.3")
            #expect(ping.status == 0, "\(ping)")
            try lab.succeed("up", small)
            try lab.succeed("status")
        }
    }
}
