import FoundationEssentials
import Testing
import Topology

@testable import Conformance

@Suite struct SuiteTests {
    static let directory = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/conformance"

    @Test(
        "the repository's own suite is sound: every file reads, every fixture is there, every mutant breaks what a case proves"
    )
    func own() throws {
        let suite = try ConformanceSuite.load(directory: Self.directory)
        let proven = Set(suite.cases.flatMap(\.proves))
        for id in ["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B10", "B11", "B14", "B20", "B21"] {
            #expect(proven.contains(id), "\(id)")
        }
        for mutant in suite.mutants { #expect(proven.isSuperset(of: mutant.breaks), "\(mutant.id)") }
        #expect(suite.mutants.contains { $0.breaks.isEmpty })
        let lab = try suite.mutantLab()
        #expect(lab.cluster.families.count == 2)
        let fixtures = try FixtureSet(suite.cases, lab: lab)
        let whole = try lab.adding(pods: fixtures.pods)
        #expect(whole.diagnostics().isEmpty)
    }

    @Test("cases are chosen by id, group and behaviour, and a word that chooses nothing is refused with the nearest")
    func selection() throws {
        let suite = try ConformanceSuite.load(directory: Self.directory)
        #expect(try suite.select(focus: ["pod-network/self"]).cases.map(\.id) == ["pod-network/self"])
        #expect(try suite.select(focus: ["B20"]).cases.count == 4)
        let podNetwork = try suite.select(focus: ["pod-network"]).cases.count
        #expect(podNetwork < suite.cases.count)
        #expect(try suite.select(focus: ["pod-network"], skip: ["B20"]).cases.count == podNetwork - 4)
        // What the chosen cases cannot find is not tried on them.
        let policies = try suite.select(focus: ["policy"]).mutants.map(\.id)
        #expect(policies.contains("policy-first-rule-only") && policies.contains("policy-itself-stopped"))
        #expect(!policies.contains("answers-from-another-pod"))
        #expect(throws: SelectionError.self) { _ = try suite.select(focus: ["pod-network/sefl"]) }
        do {
            _ = try suite.select(skip: ["pod-network/sefl"])
        } catch {
            #expect(error.description.contains("pod-network/self"))
        }
    }

    @Test("a suite without the pods of the generated cases has its own cases only, and one behaviour will do")
    func small() throws {
        let directory = TemporaryPath.make()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: "\(directory)/cases", withIntermediateDirectories: true)
        let texts = [
            "behaviours.toml": "[[behaviour]]\nid = \"B1\"\nlevel = \"M\"\ntitle = \"t\"\n",
            "cases/a.toml":
                "id = \"own\"\nproves = [\"B1\"]\ntitle = \"t\"\nsource = \"s\"\n[[step]]\n"
                + "ping = { from = \"nodes\", to = \"nodes\" }\nexpect = \"delivered\"\n",
        ]
        for (name, text) in texts { try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)")) }
        #expect(try ConformanceSuite.load(directory: directory).cases.map(\.id) == ["own"])
    }

    @Test("problems of all files come together, with what is wrong between files")
    func problems() throws {
        let directory = TemporaryPath.make()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let files = FileManager.default
        for part in ["cases", "mutants"] {
            try files.createDirectory(atPath: "\(directory)/\(part)", withIntermediateDirectories: true)
        }
        let probe = "[[step]]\nping = { from = \"pods\", to = \"pods\" }\nexpect = \"delivered\"\n"
        let texts = [
            "behaviours.toml": "[[behaviour]]\nid = \"B1\"\nlevel = \"M\"\ntitle = \"t\"\n",
            "cases/a.toml": "id = \"same\"\nproves = [\"B1\"]\ntitle = \"t\"\npods = [\"no.yaml\"]\n" + probe,
            "cases/b.toml": "id = \"same\"\nproves = [\"Z9\"]\ntitle = \"t\"\n" + probe,
            "cases/c.toml": "id = ",
            "mutants/m.toml":
                "id = \"m\"\ntitle = \"t\"\nbreaks = [\"B1\"]\noutcome = \"odd\"\n[[run]]\nin = \"nodes\"\ncommand = [\"true\"]\n",
        ]
        for (name, text) in texts { try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)")) }
        do {
            _ = try ConformanceSuite.load(directory: directory)
            #expect(Bool(false), "the suite was read")
        } catch {
            for reason in ["is the id of", "not in the catalogue", "no manifest", "not TOML", "no outcome of a flow"] {
                #expect(error.diagnostics.contains { $0.message.contains(reason) }, "\(reason): \(error)")
            }
        }
    }
}

/// Directories of tests.
enum TemporaryPath {
    static func make() -> String {
        "/tmp/lab-conformance-tests-\(ProcessInfo.processInfo.processIdentifier)-\(UInt64.random(in: 0...UInt64.max))"
    }
}
