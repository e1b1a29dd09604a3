import Foundation
import KubernetesModel
import ServiceProxy
import Testing

/// The model's answers beside what packets do.
@Suite("The oracle and the packets")
struct ServiceOracleTrafficTests {
    /// Ten clusters for each seed. `LAB_ORACLE_SEEDS=17` tries one seed, `LAB_ORACLE_SEEDS=1-400` many.
    private static var seeds: ClosedRange<UInt64> {
        let words = ProcessInfo.processInfo.environment["LAB_ORACLE_SEEDS"]?.split(separator: "-") ?? []
        let numbers = words.compactMap { UInt64($0) }
        guard let first = numbers.first, let last = numbers.last, first <= last else { return 1...30 }
        return first...last
    }

    @Test("what becomes of flows to random Services is what the oracle says")
    func clusters() async throws {
        let run = try await OracleRun()
        var differences = 0
        for seed in Self.seeds where differences < 3 {
            guard let difference = try await run.tryClusters(seed: seed) else { continue }
            Issue.record("LAB_ORACLE_SEEDS=\(seed) tries it again: \(difference)")
            differences += 1
        }
        let counts = run.counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        print("oracle: \(counts.joined(separator: ", "))")
        guard Self.seeds == 1...30 else { return }
        for outcome in [
            "answered, source preserved", "answered, source masqueraded", "arrived without an answer", "refused",
            "dropped", "no Service's",
        ] {
            #expect(run.counts[outcome, default: 0] >= 20, "flows of which too few are \(outcome) prove little")
        }
    }

    @Test(
        "proxies that do something else are found out",
        arguments: [
            ProxySettings(
                podRanges: SampleCluster.settings.podRanges, serviceRanges: SampleCluster.settings.serviceRanges,
                masqueradesAll: true),
            ProxySettings(
                podRanges: SampleCluster.settings.podRanges, serviceRanges: SampleCluster.settings.serviceRanges,
                rejectsUnknownPorts: false),
            ProxySettings(podRanges: [], serviceRanges: SampleCluster.settings.serviceRanges),
        ])
    func wrongProxies(settings: ProxySettings) async throws {
        let run = try await OracleRun()
        for seed in UInt64(1)...4 {
            if try await run.tryClusters(seed: seed, settings: settings) != nil { return }
        }
        Issue.record("no flow of \(run.counts["clusters", default: 0]) clusters says so")
    }
}
