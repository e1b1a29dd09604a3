import Addressing
import KubernetesModel
import Testing

@testable import Conformance

@Suite struct PolicyScenarioTests {
    private static let world = PolicyWorld()
    private static let scenarios = PolicyScenario.all(in: world)

    @Test func `ids are those of cases, and none is there twice`() {
        let ids = Self.scenarios.map(\.id)
        #expect(Set(ids).count == ids.count, "\(Self.repeated(ids))")
        #expect(ids.allSatisfy { $0.hasPrefix("policy/") && CaseFile.isIdentifier($0) })
        #expect(ids.count >= 250)
    }

    @Test func `ids, titles and needs are the same in every lab`() {
        let other = PolicyWorld(
            nodes: ["one", "two", "three"],
            addresses: Dictionary(
                zip(PolicyWorld.references, (7...).lazy.compactMap { IPAddress("172.20.0.\($0 * 3)") }.map { [$0] })
            ) { $1 })
        let there = PolicyScenario.all(in: other)
        #expect(there.map(\.id) == Self.scenarios.map(\.id))
        #expect(there.map(\.title) == Self.scenarios.map(\.title))
        #expect(there.map(\.needs) == Self.scenarios.map(\.needs))
    }

    @Test func `titles tell scenarios apart`() {
        let titles = Self.scenarios.map(\.title)
        #expect(Set(titles).count == titles.count, "\(Self.repeated(titles))")
    }

    @Test func `the API takes every object`() {
        for scenario in Self.scenarios {
            for case .apply(var object) in scenario.steps.flatMap(\.changes) {
                guard let key = ObjectKey(policyRelated: object) else {
                    Issue.record("\(scenario.id): \(object.kind)")
                    continue
                }
                key.type.applyDefaults(to: &object)
                let problems = key.type.faults(of: object)
                #expect(problems.isEmpty, "\(scenario.id): \(problems)")
            }
        }
    }

    @Test func `part G is shown but for what no table of pods can show`() {
        let proven = Set(Self.scenarios.flatMap(\.proves))
        // Services, loopbacks, pods in their nodes' networks, established flows, ICMP, how a denial is seen, restarts, and
        // the first packets of a pod.
        let others: Set = ["G20", "G21", "G23", "G24", "G25", "G28", "G29", "G31"]
        #expect(proven.union(others) == Set((1...31).map { "G\($0)" }))
        #expect(proven.isDisjoint(with: others))
        #expect(Self.scenarios.allSatisfy { !$0.proves.isEmpty && Set($0.proves).count == $0.proves.count })
    }

    @Test func `after its cleanup the world is as it was`() {
        let before = PolicyRehearsal(Self.world).objects
        for scenario in Self.scenarios {
            var rehearsal = PolicyRehearsal(Self.world)
            for change in scenario.steps.flatMap(\.changes) { rehearsal.make(change) }
            for change in scenario.cleanup(in: Self.world) { rehearsal.make(change) }
            #expect(rehearsal.objects == before, "\(scenario.id)")
        }
    }

    @Test func `every step changes something`() {
        for scenario in Self.scenarios {
            var rehearsal = PolicyRehearsal(Self.world)
            for (number, step) in scenario.steps.enumerated() {
                let before = rehearsal.objects
                for change in step.changes { rehearsal.make(change) }
                #expect(rehearsal.objects != before, "\(scenario.id), step \(number + 1)")
            }
        }
    }

    @Test func `blocks tell a pod from its nearest neighbour`() throws {
        for (pod, family) in PolicyWorld.references.flatMap({ pod in AddressFamily.allCases.map { (pod, $0) } }) {
            let blocks = try #require(Self.world.blocks(around: pod, family))
            func pods(_ block: CIDR) -> [PodReference] {
                Self.world.addresses.filter { $0.value.contains { block.contains($0) } }.map(\.key)
            }
            #expect(pods(blocks.alone) == [pod])
            #expect(pods(blocks.tight) == [pod])
            #expect(pods(blocks.loose).count > 1)
            #expect(Set(pods(blocks.neighbour) + [pod]) == Set(pods(blocks.loose)))
            #expect(!pods(blocks.neighbour).contains(pod))
        }
    }

    private static func repeated(_ words: [String]) -> [String] {
        Dictionary(grouping: words) { $0 }.filter { $0.value.count > 1 }.map(\.key)
    }
}
