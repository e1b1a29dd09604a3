/// One rule: statements that are carried out from left to right, until one does not match.
public struct Rule: Hashable, Sendable, Codable {
    /// The statements.
    public var statements: [Statement]
    /// Why the rule is there, up to 128 bytes.
    public var comment: String?

    /// Makes a rule.
    public init(_ statements: [Statement], comment: String? = nil) {
        self.statements = statements
        self.comment = comment
    }
}
