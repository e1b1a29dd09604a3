/// Why the suite could not be run, as opposed to a case that failed.
public struct ConformanceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public let message: String
    /// What the user can do.
    public let remedy: String

    /// Describes a problem.
    public init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }

    /// The text for reports and messages.
    public var description: String { "\(message); \(remedy)" }
}
