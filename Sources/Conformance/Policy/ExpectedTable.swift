import KubernetesModel

/// Every flow between the policy cases' pods, with what the oracle says of it.
struct ExpectedTable {
    let flows: [TableFlow]
    private let expectations: [TableExpectation]

    /// What is not as the oracle says.
    struct Difference: CustomStringConvertible {
        /// The flow's place in the table.
        let number: Int
        /// The flow, what was expected and why, and what became of it.
        let description: String
        /// Whether it is known what became of the flow.
        let isCertain: Bool
    }

    /// Asks the oracle about a lab's objects as they are.
    init(_ model: LabModel, _ answers: PolicyProfile) throws {
        let flows = PolicyWorld.flows(of: model)
        let oracle = PolicyOracle(model.cluster)
        self.flows = flows
        expectations = try flows.map { try TableExpectation(of: $0, oracle, answers) }
    }

    /// What of a table is not as expected, in the flows' order.
    func differences(from table: TableProber.Table) -> [Difference] {
        flows.indices.compactMap { number in
            let (expected, fate) = (expectations[number], table.fates[number])
            let isMet = expected.isMet(by: fate)
            guard isMet != true else { return nil }
            let word = expected.isAllowed.map { $0 ? "allowed" : "denied" } ?? "either"
            return Difference(
                number: number, description: "\(flows[number]): expected \(word) (\(expected.because)), \(fate)",
                isCertain: isMet == false)
        }
    }
}
