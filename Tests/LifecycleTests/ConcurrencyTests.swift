import Foundation
import LabFixture
import Testing

@Suite("Several runs on one lab at once")
struct ConcurrencyTests {
    private func expectWhole(_ lab: TestLab) throws {
        try lab.succeed("status")
        #expect(lab.namespaces() == LabTexts.smallNamespaces)
        #expect(lab.supervisors().count == 1)
        #expect(lab.containers().count == 1)
        let ping = try lab.inside("default.a", "ping", "-n", "-c1", "-W2", "10.244.2.3")
        #expect(ping.status == 0, "\(ping)")
    }

    @Test("lab up several times at once: all succeed, and the lab is whole", arguments: [2, 5])
    func ups(count: Int) throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            for _ in 0..<4 {
                let runs = try (0..<count).map { _ in try lab.start(["up", file]) }
                for run in runs {
                    let outcome = try run.wait()
                    #expect(outcome.status == 0, "\(outcome)")
                }
                try expectWhole(lab)
                try lab.succeed("down", lab.name)
            }
        }
    }

    @Test("lab down several times at once: all succeed, and nothing is left")
    func downs() throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            for _ in 0..<4 {
                try lab.succeed("up", file)
                for run in try (0..<4).map({ _ in try lab.start(["down", lab.name]) }) {
                    let outcome = try run.wait()
                    #expect(outcome.status == 0, "\(outcome)")
                }
                #expect(try lab.remains() == [])
            }
        }
    }

    @Test("lab up against lab down: each succeeds or says why not, and up works afterwards")
    func upAgainstDown() throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.small)
            for round in 0..<8 {
                if round % 2 == 0 { try lab.succeed("up", file) }
                let up = try lab.start(["up", file])
                if round % 4 < 2 { #expect(try up.waitForError(containing: "starting the supervisor")) }
                let down = try lab.start(["down", lab.name]).wait()
                #expect(down.status == 0, "\(down)")
                let outcome = try up.wait()
                #expect(outcome.status == 0 || outcome.error.contains("lab: cannot"), "\(outcome)")
                if outcome.status == 0, try lab.lab("list").output.contains(lab.name) {
                    try expectWhole(lab)
                }
                try lab.succeed("up", file)
                try expectWhole(lab)
                try lab.succeed("down", lab.name)
                #expect(try lab.remains() == [])
            }
        }
    }

    @Test("one lab up is interrupted while another waits: the other one builds the lab")
    func interruptedBeforeAnother() throws {
        try withTestLab { lab in
            let file = try lab.file(LabTexts.large(pods: 60))
            let small = try lab.file(LabTexts.small, "small.toml")
            let first = try lab.start(["up", file])
            #expect(try first.waitForError(containing: "building"))
            let second = try lab.start(["up", small])
            #expect(try second.waitForError(containing: "starting"))
            first.send(SIGINT)
            let interrupted = try first.wait()
            #expect([0, 130].contains(interrupted.status), "\(interrupted)")
            let outcome = try second.wait()
            #expect(outcome.status == 0, "\(outcome)")
            try expectWhole(lab)
        }
    }

    @Test("labs of several names in the same roots do not touch each other")
    func labs() throws {
        try withTestLab { lab in
            let files = try (0..<3).map { number in
                let path = "\(lab.directory)/other\(number).toml"
                try "name = \"other\(number)\"\n\(LabTexts.small)".write(
                    toFile: path, atomically: false, encoding: .utf8)
                return path
            }
            for run in try files.map({ try lab.start(["up", $0]) }) {
                let outcome = try run.wait()
                #expect(outcome.status == 0, "\(outcome)")
            }
            try lab.succeed("down", "other1")
            for number in [0, 2] {
                try lab.succeed("status", "--lab", "other\(number)")
                try lab.succeed("exec", "--lab", "other\(number)", "a", "--", "ping", "-n", "-c1", "-W2", "10.244.2.3")
            }
        }
    }
}
