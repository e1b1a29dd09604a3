import KubernetesModel
import TestSupport
import Testing

@Suite("Services of random clusters")
struct ServicePropertyTests {
    @Test("the oracle and a table of the same rules agree about every flow")
    func table() throws {
        var seen: Set<String> = []
        for seed in UInt64(0)..<300 {
            var generator = SeededGenerator(seed: seed)
            let cluster = ServiceCluster.random(using: &generator)
            let oracle = try cluster.oracle
            for source in ServiceTruthTable.sources {
                for target in ServiceTruthTable.targets {
                    let answer = try oracle.answer(
                        for: FlowTarget(parsing: target.address), from: FlowSource(parsing: source.name)
                    ).settled(by: .kubeProxyNFTables)
                    let expected = try #require(ServiceTruthTable.flow(cluster, source, target))
                    #expect(
                        answer.exactWords == expected, "seed \(seed), \(source.name) to \(target.address): \(answer)")
                    seen.insert(answer.words == "refused" || answer.words == "dropped" ? answer.words : "forwarded")
                }
            }
        }
        #expect(seen.count == 3, "clusters in which nothing is \(seen) prove little")
    }

    @Test("in how many slices and in which order endpoints stand changes no answer, nor does another Service")
    func arrangement() throws {
        for seed in UInt64(0)..<150 {
            var generator = SeededGenerator(seed: seed)
            let cluster = ServiceCluster.random(using: &generator)
            var other = cluster.rearranged(using: &generator)
            other.others = [
                APIObject(.services, name: "db", ["spec": ["clusterIPs": ["10.96.0.99"], "ports": [["port": 80]]]])
            ]
            let (one, two) = (try cluster.oracle, try other.oracle)
            for source in ServiceTruthTable.sources {
                for target in ServiceTruthTable.targets {
                    let flow = (try FlowTarget(parsing: target.address), try FlowSource(parsing: source.name))
                    #expect(
                        try one.answer(for: flow.0, from: flow.1) == two.answer(for: flow.0, from: flow.1),
                        "seed \(seed), \(source.name) to \(target.address)")
                }
            }
        }
    }

    @Test("a profile that answers every question leaves none open")
    func profiles() throws {
        for profile in [ServiceProfile.kubeProxyNFTables, .kubeProxyIPTables] {
            #expect(ServiceQuestion.allCases.filter { profile[$0] == nil } == [.addressClaimedTwice])
            for seed in UInt64(0)..<50 {
                var generator = SeededGenerator(seed: seed)
                let oracle = try ServiceCluster.random(using: &generator).oracle
                for source in ServiceTruthTable.sources {
                    for target in ServiceTruthTable.targets.map(\.address) + ["10.96.0.10:7", "127.0.0.1:30080"] {
                        let words = try oracle.answer(
                            for: FlowTarget(parsing: target), from: FlowSource(parsing: source.name)
                        ).settled(by: profile).words
                        #expect(!words.contains("service."), "\(source.name) to \(target): \(words)")
                    }
                }
            }
        }
    }
}

extension ServiceAnswer {
    /// Every endpoint's address with the source that it sees.
    fileprivate var exactWords: String {
        guard case .forwarded(let forwarding) = outcome else { return words }
        let texts = forwarding.candidates.map { (text: "\($0.address)", source: "\($0.source)") }
        return texts.sorted { $0.text < $1.text }.map { "\($0.text) \($0.source)" }.joined(separator: ", ")
    }
}
