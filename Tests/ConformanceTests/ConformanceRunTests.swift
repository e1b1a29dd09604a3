import FoundationEssentials
import PacketCapture
import Testing
import Topology

@testable import Conformance

/// The suite over labs in this kernel.
@Suite(.serialized) struct ConformanceRunTests {
    @Test(
        "the built-in pod network passes every case in both families, the lab's own pods take part, and nothing is left behind"
    )
    func healthy() async throws {
        try await withLab { spec in
            spec.pods.append(
                PodSpec(name: "user", node: "node1", address: spec.nodes[0].podCIDR.compactMap { $0.address(at: 9) }))
        } _: { lab, suite, root in
            let before = try await lab.spec()
            let suite = try suite.select(focus: ["pod-network"])
            let report = try await ConformanceRun(suite, options: .init(evidenceDirectory: "\(root)/evidence")).run(
                on: lab)
            #expect(report.hasPassed, "\(report.table(color: false))")
            #expect(try await lab.spec() == before)
            let other = report.results.first { $0.item.id == "pod-network/other-node" }
            let flow = other?.verdicts.first {
                $0.flow.sender.name == "pod/default/user" && $0.flow.destination.name == "pod/lab-conformance/b1"
            }
            #expect(flow?.path.first == "pod/default/user eth0" && flow?.path.last == "pod/lab-conformance/b1 eth0")
            #expect(
                flow?.path.contains("node/node1 eth0 (VXLAN)") == true
                    && flow?.path.contains("node/node2 eth0 (VXLAN)") == true)
            for result in report.results {
                let directory = try #require(result.evidence)
                #expect(FileManager.default.fileExists(atPath: "\(directory)/evidence.pcapng"))
                #expect(FileManager.default.fileExists(atPath: "\(directory)/verdict.json"))
                #expect(!FileManager.default.fileExists(atPath: "\(directory)/state"))
            }
        }
    }

    @Test("host-gw shows the packets on the underlay without a tunnel")
    func hostGateway() async throws {
        try await withLab {
            $0.components.podNetwork = .hostGateway
        } _: { lab, suite, _ in
            let report = try await ConformanceRun(suite.select(focus: ["pod-network/other-node", "B10"])).run(on: lab)
            #expect(report.hasPassed, "\(report.table(color: false))")
            #expect(
                report.results.flatMap(\.verdicts).allSatisfy {
                    $0.path.contains("node/node1 eth0") && $0.path.contains("node/node2 eth0")
                })
        }
    }

    @Test("a broken network fails the right cases for the right reason, with the nodes' state as evidence")
    func mutants() async throws {
        let whole = try ConformanceSuite.load(directory: SuiteTests.directory).select(focus: [
            "pod-network/same-node", "pod-network/other-node", "pod-network/ping", "B8",
        ])
        let names = [
            "masquerades-between-nodes", "drops-udp-between-nodes", "answers-from-another-pod", "resets-connections",
            "drops-echo-requests", "own-address-dead",
        ]
        let suite = ConformanceSuite(
            directory: whole.directory, behaviours: whole.behaviours, cases: whole.cases,
            mutants: whole.mutants.filter { names.contains($0.id) })
        let root = TemporaryPath.make()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let report = try await MutantRun(suite).run(with: InProcessFactory(root: root))
        #expect(report.results.count == names.count)
        #expect(report.results.allSatisfy { $0.isRight }, "\(report.table(color: false))")
        #expect(report.vacuous == [])
        let lost =
            report.results.first { $0.mutant.id == "drops-udp-between-nodes" }?.report?.results.flatMap(\.unmet) ?? []
        #expect(!lost.isEmpty && lost.allSatisfy { "\($0.flow.kind)" == "udp/8080" })
        let places = lost.compactMap { if case .dropped(let loss) = $0.outcome { loss.lastSeen } else { nil } }
        #expect(places.allSatisfy { $0.hasSuffix("cni0") }, "\(places)")
    }

    @Test("a failed case leaves what the nodes had programmed")
    func stateOfFailure() async throws {
        try await withLab { lab, suite, root in
            let options = ConformanceRun.Options(evidenceDirectory: "\(root)/evidence")
            let run = ConformanceRun(try suite.select(focus: ["pod-network/same-node"]), options: options) {
                spec, threads in
                let mutant = try #require(suite.mutants.first { $0.id == "drops-sctp" })
                try await Sabotage(mutant: mutant, lab: spec).perform(threads, lab.directories)
            }
            let report = try await run.run(on: lab)
            #expect(report.results.map(\.status) == [.failed])
            let rules = FileManager.default.contents(
                atPath: "\(root)/evidence/pod-network/same-node/state/node1.nftables.txt")
            #expect(String(decoding: rules ?? Data(), as: UTF8.self).contains("table inet mutant"))
        }
    }

    @Test("pods that a killed run left behind are replaced and removed; pods come and go within a case")
    func leftovers() async throws {
        try await withLab { lab, suite, root in
            let base = try await lab.spec()
            let fixtures = try FixtureSet(suite.cases, lab: base)
            try await lab.apply(try base.adding(pods: fixtures.pods))
            var item = try #require(suite.cases.first { $0.id == "pod-network/other-node" })
            let extra = "\(root)/extra.yaml"
            let text =
                "apiVersion: v1\nkind: Pod\nmetadata: {name: late}\nspec:\n  nodeName: node1\n  containers: [{name: server, image: agnhost}]\n"
            try Data(text.utf8).write(to: URL(filePath: extra))
            var probe = ProbeStep(
                from: [.pod(namespace: nil, name: "late")],
                to: [.participants(.pod(namespace: nil, name: "b1"))],
                protocols: [.udp(8080)], keyPath: "step[1]")
            var gone = probe
            gone.keyPath = "step[3]"
            probe.families = [.ipv4]
            item.steps = [
                .apply(ApplyStep(paths: [extra], refusal: nil, keyPath: "step[0]")), .probe(probe), .delete([extra]),
                .probe(gone),
            ]
            let own = ConformanceSuite(directory: "", behaviours: [], cases: [item], mutants: [])
            let report = try await ConformanceRun(own).run(on: lab)
            let result = try #require(report.results.first)
            #expect(result.verdicts.map(\.outcome.word) == ["delivered"])
            // The pod is gone: the last step selects nobody, and says so.
            #expect(result.status == .failed && result.problems.contains { $0.contains("step[3]") })
            #expect(try await lab.spec() == base)
        }
    }
}
