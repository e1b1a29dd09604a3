public import Netlink

/// Why something with a network namespace failed.
public struct NamespaceError: Error, Hashable, Sendable {
    /// What was attempted: "create the network namespace".
    public let attempt: String
    /// On what: a path or a name.
    public let subject: String
    /// What the kernel said.
    public let cause: SystemError

    init(_ attempt: String, on subject: String, errno: Int32) {
        self.attempt = attempt
        self.subject = subject
        self.cause = SystemError(errno: errno)
    }
}

extension NamespaceError: CustomStringConvertible {
    /// What was attempted, on what, and what the kernel said.
    public var description: String { "cannot \(attempt) \(subject): \(cause)" }
}
