/// One case of the suite: what it proves of a network, and by which steps.
public struct ConformanceCase: Hashable, Sendable {
    /// Its stable name, with a slash after its group: `pod-network/same-node`.
    public var id: String
    /// The behaviours that it proves, by their ids in the catalogue: `B1`.
    public var proves: [String]
    /// What it proves, as a sentence.
    public var title: String
    /// The text that requires it.
    public var source: String?
    /// What of its behaviours it leaves open; nil: nothing.
    public var leavesOpen: String?
    /// Whether a failure fails the suite.
    public var level: ConformanceLevel
    /// Whether every mutant is tried on it, whatever it breaks.
    public var isCore = false
    /// Whether it takes so long that it is left out where there is little time.
    public var isSlow = false
    /// Whether it is one of many that follow from a description. Those are tried on the mutants that name them, and on all
    /// only where that is asked for.
    public var isGenerated = false
    /// What a lab must have for the case to say anything.
    public var needs: LabNeeds
    /// The manifests of its pods that every step finds, as paths that can be opened.
    public var pods: [String]
    /// What is done, in order.
    public var steps: [CaseStep]
    /// The file that it was read from.
    public var file: String
}

/// How binding a behaviour is.
public enum ConformanceLevel: String, Hashable, Sendable, Codable {
    /// Required by the API's text or a published specification: a failure fails the suite.
    case required = "M"
    /// Answered by a profile, and held to its answer: a failure fails the suite.
    case profile = "P"
    /// Left to implementations: observed and recorded, never failed.
    case implementation = "I"
}

extension ConformanceCase {
    /// Every manifest that the case names.
    var manifests: [String] { pods + steps.flatMap(\.manifests) }
}
