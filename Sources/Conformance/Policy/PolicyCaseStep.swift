/// A step of a generated policy case: what a scenario's step changes, and a truth table after it.
public struct PolicyCaseStep: Hashable, Sendable {
    /// The scenario's id, which is the case's.
    public let scenario: String
    /// Which of its steps.
    public let index: Int
    /// How long the lab may take to come to what is expected.
    public let settle: Duration

    /// Where the step stands in its case.
    var keyPath: String { "step[\(index)]" }
}

extension PolicyScenario {
    /// How long an engine may take; the profile of a slower one says so.
    private static let settle = Duration.seconds(5)

    /// The scenario as a case of the suite.
    ///
    /// - Parameter directory: the suite's, where the manifest of the pods is.
    func conformanceCase(directory: String) -> ConformanceCase {
        var needs = needs
        needs.networkPolicy = .any
        let manifest = PolicyWorld.manifest(in: directory)
        return ConformanceCase(
            id: id, proves: proves, title: title, source: "networking/v1 NetworkPolicySpec", leavesOpen: nil,
            level: .required, isGenerated: true, needs: needs, pods: [manifest],
            steps: steps.indices.map { .policy(PolicyCaseStep(scenario: id, index: $0, settle: Self.settle)) },
            file: manifest)
    }
}

extension PolicyChange {
    /// Whether pods come or go by it.
    var concernsPods: Bool {
        switch self {
        case .apply: key?.type == .pods
        case .delete: key?.type == .pods || key?.type == .namespaces
        case .label: false
        }
    }
}
