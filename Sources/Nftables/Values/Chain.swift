/// A list of rules. A base chain is entered by packets at a hook, a regular chain by a jump from another one.
public struct Chain: Hashable, Sendable, Codable {
    /// The name.
    public var name: String
    /// Where packets enter; nil makes a regular chain.
    public var base: BaseChain?
    /// What it is for, up to 128 bytes.
    public var comment: String?
    /// The rules, in the order in which they are tried.
    public var rules: [Rule]

    /// Makes a chain.
    public init(_ name: String, base: BaseChain? = nil, comment: String? = nil, rules: [Rule] = []) {
        self.name = name
        self.base = base
        self.comment = comment
        self.rules = rules
    }
}

/// How a base chain hangs in the network stack (`type T hook H priority P; policy Y;`).
public struct BaseChain: Hashable, Sendable, Codable {
    /// What the chain may do.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Accept and drop.
        case filter
        /// Rewrite addresses; sees the first packet of a connection only.
        case nat
        /// Route again what a local program sent, where marks changed. Only at `output`.
        case route
    }

    /// Where in the network stack (NF_INET_*).
    public enum Hook: String, Hashable, Sendable, Codable, CaseIterable {
        case prerouting, input, forward, output, postrouting
    }

    /// The order among the chains of a hook: lower comes first.
    public struct Priority: RawRepresentable, Hashable, Sendable, Codable {
        /// The number that the kernel sorts by.
        public let rawValue: Int32

        /// Wraps a number.
        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// Before connection tracking: -300.
        public static let raw = Priority(rawValue: -300)
        /// -150
        public static let mangle = Priority(rawValue: -150)
        /// Where destinations are rewritten: -100.
        public static let destinationNAT = Priority(rawValue: -100)
        /// 0
        public static let filter = Priority(rawValue: 0)
        /// 50
        public static let security = Priority(rawValue: 50)
        /// Where sources are rewritten: 100.
        public static let sourceNAT = Priority(rawValue: 100)
    }

    /// What becomes of a packet that leaves the chain without a verdict.
    public enum Policy: String, Hashable, Sendable, Codable, CaseIterable {
        case accept, drop
    }

    /// What the chain may do.
    public var kind: Kind
    /// Where packets enter.
    public var hook: Hook
    /// The order among the chains of the hook.
    public var priority: Priority
    /// What becomes of a packet without a verdict.
    public var policy: Policy

    /// Describes a base chain.
    public init(_ kind: Kind, _ hook: Hook, _ priority: Priority, policy: Policy = .accept) {
        self.kind = kind
        self.hook = hook
        self.priority = priority
        self.policy = policy
    }
}
