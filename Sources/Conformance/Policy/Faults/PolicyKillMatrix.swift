public import Addressing
public import KubernetesModel
public import PolicyEngine

/// Which scenario finds which fault of an engine.
public struct PolicyKillMatrix: Hashable, Sendable {
    /// The faults that each scenario finds, by the scenarios' ids, in their order.
    public let rows: [Row]
    /// The faults that were tried.
    public let faults: [PolicyFault]

    /// What one scenario finds.
    public struct Row: Hashable, Sendable {
        /// The scenario's id.
        public let scenario: String
        /// The faults that it finds.
        public let kills: Set<PolicyFault>

        /// Takes a result, be it the oracle's or a lab's.
        public init(scenario: String, kills: Set<PolicyFault>) {
            self.scenario = scenario
            self.kills = kills
        }
    }

    /// Takes results, be they the oracle's or a lab's.
    public init(_ rows: [Row], faults: [PolicyFault] = PolicyFault.allCases) {
        self.rows = rows
        self.faults = faults
    }

    /// Judges scenarios by the oracle.
    ///
    /// - Throws: `FlowError` where a scenario leaves flows that the oracle cannot be asked about.
    public init(
        of scenarios: [PolicyScenario], in world: PolicyWorld = PolicyWorld(), _ families: [AddressFamily]? = nil,
        faults: [PolicyFault] = PolicyFault.allCases
    ) throws(FlowError) {
        var rows: [Row] = []
        for scenario in scenarios {
            let witness = try PolicyFaultWitness(scenario, in: world, families)
            rows.append(Row(scenario: scenario.id, kills: Set(faults.filter { witness.witness($0) != nil })))
        }
        self.init(rows, faults: faults)
    }

    /// Judges scenarios by the oracle, several at a time.
    ///
    /// - Throws: `FlowError` where a scenario leaves flows that the oracle cannot be asked about, and for a cancelled task.
    static func reckoned(of scenarios: [PolicyScenario], in world: PolicyWorld) async throws -> PolicyKillMatrix {
        try await withThrowingTaskGroup(of: (Int, [Row]).self) { group in
            for (number, scenario) in scenarios.enumerated() {
                group.addTask {
                    try Task.checkCancellation()
                    return (number, try PolicyKillMatrix(of: [scenario], in: world).rows)
                }
            }
            var rows: [Int: [Row]] = [:]
            for try await (number, found) in group { rows[number] = found }
            return PolicyKillMatrix(rows.sorted { $0.key < $1.key }.flatMap(\.value))
        }
    }

    /// The faults that no scenario finds.
    public var survivors: [PolicyFault] {
        let found = rows.reduce(into: Set()) { $0.formUnion($1.kills) }
        return faults.filter { !found.contains($0) }
    }

    /// The scenarios that find nothing.
    public var idle: [String] { rows.filter(\.kills.isEmpty).map(\.scenario) }

    /// Few scenarios that together find whatever all of them find: again and again the one that finds most of what is left,
    /// the first of several, and in the end without those that the others make needless. That is not always the fewest
    /// that there are, and comes near it.
    public var smallestCover: [String] {
        var left = rows.reduce(into: Set()) { $0.formUnion($1.kills) }
        var chosen: [Row] = []
        while !left.isEmpty {
            var best: (row: Row, gain: Int)?
            for row in rows {
                let gain = row.kills.intersection(left).count
                if gain > best?.gain ?? 0 { best = (row, gain) }
            }
            guard let best else { break }
            chosen.append(best.row)
            left.subtract(best.row.kills)
        }
        for row in chosen {
            let others = chosen.filter { $0 != row }.reduce(into: Set()) { $0.formUnion($1.kills) }
            if row.kills.isSubset(of: others) { chosen.removeAll { $0 == row } }
        }
        return chosen.map(\.scenario)
    }
}

extension PolicyKillMatrix: CustomStringConvertible {
    /// A line a fault, with how many scenarios find it and the first of them.
    public var description: String {
        faults.map { fault in
            let finders = rows.filter { $0.kills.contains(fault) }
            return "\(fault.rawValue): \(finders.count) scenarios"
                + (finders.first.map { ", first \($0.scenario)" } ?? "")
        }.joined(separator: "\n")
    }
}
