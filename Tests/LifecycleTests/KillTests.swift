import Foundation
import LabFixture
import Synchronization
import Testing

/// Every process of a run is killed before its first, second, third … request to the kernel, until a run is spared.
///
/// The runs are by turns in as many labs as there are processors: a run mostly waits for the kernel.
@Suite("A kill at any request to the kernel")
struct KillTests {
    /// Numbers from 1 that are each given once, in order.
    private final class Turns: Sendable {
        private let state: Mutex<(next: Int, end: Int)>

        init(_ bound: Int) { state = Mutex((1, bound)) }

        /// The next number; nil where the end is reached.
        func next() -> Int? {
            state.withLock { state in
                guard state.next < state.end else { return nil }
                defer { state.next += 1 }
                return state.next
            }
        }

        /// Nothing from `n` on is given any more.
        func end(at n: Int) { state.withLock { $0.end = min($0.end, n) } }

        var end: Int { state.withLock(\.end) }
    }

    private static let bound = 2_000

    /// Calls `body` with a lab and the environment that kills a process of the verb before its n-th request, until `body`
    /// says that the process came to its end.
    private func killing(
        _ verb: String,
        _ body: @escaping @Sendable (_ lab: TestLab, _ fault: [String: String], _ n: Int) throws -> Bool
    ) async throws {
        let requests = Turns(Self.bound)
        try await inLabs { lab in
            while !Task.isCancelled, let n = requests.next() {
                let fault = ["LAB_FAULT_KILL_AFTER": "\(n)", "LAB_FAULT_KILL_VERB": verb]
                if try body(lab, fault, n) { requests.end(at: n) }
            }
        }
        #expect(requests.end > 3, "\(verb) makes only \(requests.end) requests: kills have no effect")
        #expect(requests.end < Self.bound, "\(verb) never comes to its end")
    }

    /// Calls `body` once for each processor, each time with another lab.
    private func inLabs(_ body: @escaping @Sendable (TestLab) throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount {
                group.addTask { try withTestLab { try body($0) } }
            }
            try await group.waitForAll()
        }
    }

    private func expectNothingLeft(_ lab: TestLab, _ n: Int) throws {
        let down = try lab.lab("down", lab.name)
        let remains = try lab.remains()
        try #require(down.status == 0 && remains.isEmpty, "killed at \(n): \(down) left \(remains)")
    }

    private func expectWhole(
        _ lab: TestLab, _ n: Int, _ namespaces: Set<String>, from address: String = "10.244.1.5", containers: Int = 1
    ) throws {
        let status = try lab.lab("status")
        try #require(status.status == 0, "killed at \(n): \(status)")
        let ping = try lab.inside("default.b", "ping", "-n", "-c1", "-W2", address)
        try #require(ping.status == 0, "killed at \(n): \(ping)")
        try #require(lab.namespaces() == namespaces, "killed at \(n)")
        let processes = lab.containers()
        try #require(processes.count == containers, "killed at \(n): containers \(processes)")
    }

    private func up(_ lab: TestLab, _ file: String, _ n: Int) throws {
        let up = try lab.lab("up", file)
        try #require(up.status == 0, "killed at \(n): \(up)")
    }

    @Test("up killed: down leaves nothing", arguments: ["up", "supervise"])
    func upThenDown(verb: String) async throws {
        try await killing(verb) { lab, fault, n in
            let up = try lab.lab("up", try lab.file(LabTexts.small), with: fault)
            try expectNothingLeft(lab, n)
            return up.status == 0
        }
    }

    @Test("up killed: up converges", arguments: ["up", "supervise"])
    func upThenUp(verb: String) async throws {
        try await killing(verb) { lab, fault, n in
            let file = try lab.file(LabTexts.small)
            let killed = try lab.lab("up", file, with: fault)
            lab.killSupervisors()
            try up(lab, file, n)
            try expectWhole(lab, n, LabTexts.smallNamespaces)
            try expectNothingLeft(lab, n)
            return killed.status == 0
        }
    }

    @Test("down killed: down leaves nothing")
    func downThenDown() async throws {
        try await killing("down") { lab, fault, n in
            try up(lab, try lab.file(LabTexts.small), n)
            let down = try lab.lab("down", lab.name, with: fault)
            try expectNothingLeft(lab, n)
            return down.status == 0
        }
    }

    @Test("down killed: up converges")
    func downThenUp() async throws {
        try await killing("down") { lab, fault, n in
            let file = try lab.file(LabTexts.small)
            try up(lab, file, n)
            let down = try lab.lab("down", lab.name, with: fault)
            try up(lab, file, n)
            try expectWhole(lab, n, LabTexts.smallNamespaces)
            return down.status == 0
        }
    }

    @Test("up to a changed file killed: up converges to the change, down leaves nothing")
    func change() async throws {
        try await killing("supervise") { lab, fault, n in
            let before = try lab.file(LabTexts.before, "before.toml")
            let after = try lab.file(LabTexts.after, "after.toml")
            try up(lab, before, n)
            lab.killSupervisors()
            let killed = try lab.lab("up", after, with: fault)
            lab.killSupervisors()
            try up(lab, after, n)
            try expectWhole(lab, n, LabTexts.afterNamespaces, from: "10.244.1.7")
            try expectNothingLeft(lab, n)
            return killed.status == 0
        }
    }

    @Test("two different changes killed one after the other: up back to the first file leaves nothing of either")
    func changes() async throws {
        // Every request is the last one in the tests above; here, steps that share no factor cover the pairs.
        let numbers = Array(stride(from: 12, to: 170, by: 11))
        let turns = Turns(numbers.count + 1)
        try await inLabs { lab in
            let before = try lab.file(LabTexts.before, "before.toml")
            let after = try lab.file(LabTexts.after, "after.toml")
            let third = try lab.file(LabTexts.third, "third.toml")
            while !Task.isCancelled, let turn = turns.next() {
                let n = numbers[turn - 1]
                let verb = ["LAB_FAULT_KILL_VERB": "supervise"]
                try up(lab, before, n)
                lab.killSupervisors()
                _ = try lab.lab("up", after, with: verb.merging(["LAB_FAULT_KILL_AFTER": "\(n)"]) { $1 })
                lab.killSupervisors()
                _ = try lab.lab("up", third, with: verb.merging(["LAB_FAULT_KILL_AFTER": "\(n * 7 % 160 + 5)"]) { $1 })
                lab.killSupervisors()
                try up(lab, before, n)
                try expectWhole(lab, n, LabTexts.beforeNamespaces)
                try expectNothingLeft(lab, n)
            }
        }
    }
}
