import Addressing
import TestSupport
import Testing

@testable import Conformance

@Suite struct GroupJudgeTests {
    /// Verdicts of one sender's probes through the sample Service, each delivered to one of the two endpoints.
    private static func verdicts(_ choices: [Int], from sender: String = "a") -> [FlowVerdict] {
        choices.map { choice in
            var flow = Sample.serviceFlow(.udp(80))
            if sender != "a" { flow.sender = Sample.pod(sender, "node1", Sample.bridge1) }
            return FlowVerdict(
                flow: flow, expected: .delivered,
                outcome: .delivered(by: flow.receivers[choice].participant.name, source: Sample.a.address), path: [],
                notes: [], packets: [], awaitsServer: false)
        }
    }

    private static func verdict(
        _ verdicts: [FlowVerdict], earlier: [String: [FlowVerdict]] = [:], _ set: (inout GroupChecks) -> Void
    ) -> GroupVerdict? {
        var checks = GroupChecks()
        set(&checks)
        return GroupJudge(verdicts, keyPath: "step[0]").verdicts(checks, earlier: earlier).first
    }

    private static func alternating(_ count: Int) -> [Int] { (0..<count).map { $0 % 2 } }

    @Test("every endpoint has to be reached, and so few probes that chance could miss one say nothing")
    func coverage() {
        func check(_ choices: [Int]) -> GroupVerdict? {
            Self.verdict(Self.verdicts(choices)) { $0.allEndpoints = true }
        }
        #expect(check(Self.alternating(30))?.isMet == true)
        #expect(check([Int](repeating: 0, count: 30))?.detail.contains("never reached pod/default/c") == true)
        #expect(check(Self.alternating(10))?.detail.contains("too few probes") == true)
        // 2 (1/2)^30
        #expect(check(Self.alternating(30))?.detail.contains("1 of 536,870,912 runs") == true)
    }

    @Test("a share that chance does not explain is no spread")
    func spread() {
        func check(_ first: Int, of count: Int) -> GroupVerdict? {
            let choices = (0..<count).map { $0 < first ? 0 : 1 }
            return Self.verdict(Self.verdicts(choices)) { $0.spread = true }
        }
        #expect(check(100, of: 200)?.isMet == true)
        #expect(check(120, of: 200)?.isMet == true)
        #expect(check(150, of: 200)?.isMet == false)
        #expect(check(200, of: 200)?.isMet == false)
        #expect(check(5, of: 10)?.detail.contains("too few probes") == true)
    }

    @Test("a fair choice is seldom taken for an unfair one, and an unfair one of two to one is found")
    func spreadInTheLongRun() {
        var generator = SeededGenerator(seed: 4)
        var falseAlarms = 0
        var found = 0
        for _ in 0..<300 {
            let fair = (0..<400).map { _ in Int.random(in: 0...1, using: &generator) }
            let unfair = (0..<400).map { _ in Int.random(in: 0...2, using: &generator) == 0 ? 1 : 0 }
            if Self.verdict(Self.verdicts(fair), { $0.spread = true })?.isMet != true { falseAlarms += 1 }
            if Self.verdict(Self.verdicts(unfair), { $0.spread = true })?.isMet == false { found += 1 }
        }
        #expect(falseAlarms == 0)
        #expect(found > 250, "\(found)")
    }

    @Test("affinity is one endpoint for all probes of a sender, more of them than chance would give")
    func sameness() {
        func check(_ verdicts: [FlowVerdict]) -> GroupVerdict? { Self.verdict(verdicts) { $0.sameEndpoint = true } }
        let zeros = [Int](repeating: 0, count: 22)
        #expect(check(Self.verdicts(zeros))?.isMet == true)
        #expect(check(Self.verdicts(zeros) + Self.verdicts(zeros.map { _ in 1 }, from: "d"))?.isMet == true)
        #expect(check(Self.verdicts(zeros + [1]))?.isMet == false)
        #expect(check(Self.verdicts([0, 0]))?.detail.contains("too few probes") == true)
    }

    @Test("a later step is compared with an earlier one, sender by sender")
    func comparison() {
        let senders = (0..<20).map { "s\($0)" }
        let before = senders.flatMap { Self.verdicts([0, 0], from: $0) }
        let moved = senders.flatMap { Self.verdicts($0 == "s3" ? [1, 1] : [0, 0], from: $0) }
        let earlier = ["first": before]
        #expect(Self.verdict(before, earlier: earlier) { $0.sticksTo = "first" }?.isMet == true)
        #expect(Self.verdict(moved, earlier: earlier) { $0.sticksTo = "first" }?.isMet == false)
        #expect(Self.verdict(moved, earlier: earlier) { $0.movesFrom = "first" }?.isMet == true)
        #expect(Self.verdict(before, earlier: earlier) { $0.movesFrom = "first" }?.isMet == false)
        #expect(Self.verdict(before, earlier: [:]) { $0.sticksTo = "first" }?.isMet == false)
        let few = Array(moved.prefix(4))
        #expect(Self.verdict(few, earlier: earlier) { $0.movesFrom = "first" }?.detail.contains("too few") == true)
    }

    @Test("a probe that was not delivered leaves no check met")
    func unfinished() {
        var verdicts = Self.verdicts(Self.alternating(60))
        verdicts[7].outcome = .refused(with: "RST", by: "n1 cni0")
        for check in [\GroupChecks.allEndpoints, \.spread, \.sameEndpoint] {
            #expect(Self.verdict(verdicts) { $0[keyPath: check] = true }?.isMet == false)
        }
    }

    @Test("the masses of a binomial distribution sum to one, and its interval leaves out no more than it may")
    func binomial() {
        for (trials, probability) in [(1, 0.5), (30, 1.0 / 3), (400, 0.25), (1000, 0.01)] {
            let binomial = Binomial(trials: trials, probability: probability)
            let sum = (0...trials).reduce(0.0) { $0 + binomial.mass($1) }
            #expect(abs(sum - 1) < 1e-9)
            let range = binomial.interval(tail: 0.01)
            let outside = (0...trials).filter { !range.contains($0) }.reduce(0.0) { $0 + binomial.mass($1) }
            #expect(outside <= 0.02, "\(trials) \(probability): \(outside)")
            let inside = range.reduce(0.0) { $0 + binomial.mass($1) }
            #expect(inside >= 0.98)
        }
        #expect(abs(Binomial(trials: 4, probability: 0.5).mass(2) - 0.375) < 1e-12)
    }
}
