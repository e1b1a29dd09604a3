internal import Logging
internal import NetworkNamespaces
internal import Topology

/// The rules that a component keeps in a lab's nodes, by the nodes' names.
struct RulesByNode<Rules: NodeRules> {
    /// How often it is looked whether somebody else has changed a node's rules.
    static var patrol: Duration { .seconds(1) }

    private(set) var rules: [String: Rules] = [:]
    private let lab: String
    private let directories: LabDirectories
    private let thread: NamespaceThread
    private let logger: Logger
    /// What they are in messages: `policies`.
    private let words: String

    init(_ words: String, lab: String, _ directories: LabDirectories, _ thread: NamespaceThread, _ logger: Logger) {
        self.words = words
        self.lab = lab
        self.directories = directories
        self.thread = thread
        self.logger = logger
    }

    subscript(name: String) -> Rules? { rules[name] }

    // MARK: Coming and going

    /// The nodes that have rules and are none of these, or have another namespace by now.
    func outdated(among nodes: [NodeSpec]) -> Set<String> {
        let present = nodes.filter { rules[$0.name]?.inode == inode(of: $0) }
        return Set(rules.keys).subtracting(present.map(\.name))
    }

    /// Where a node's rules have to be put; nil where they are there, or the node is not.
    func entrance(to node: NodeSpec) throws -> (namespace: OpenNamespace, inode: UInt64)? {
        guard rules[node.name] == nil, let inode = inode(of: node) else { return nil }
        return (try directories.namespaces.open(RuntimeName.node(node.name, lab: lab)), inode)
    }

    private func inode(of node: NodeSpec) -> UInt64? {
        NamespaceIdentity(path: directories.namespaces.path(of: RuntimeName.node(node.name, lab: lab)))?.inode
    }

    /// Puts rules into a node.
    ///
    /// - Parameter make: gives the rules, in the node's network namespace.
    /// - Throws: what the kernel says.
    mutating func enter(_ node: NodeSpec, _ namespace: OpenNamespace, _ make: () throws -> Rules) throws {
        rules[node.name] = try thread.inside(namespace, make)
    }

    /// Takes the component's rules out of a node that is to have none.
    ///
    /// - Throws: what the kernel says.
    func clear(_ namespace: OpenNamespace) throws {
        try thread.inside(namespace) { try Rules.clear() }
    }

    /// Lets go of a node: an open socket would keep a namespace alive that is to be removed.
    /// - Returns: its rules, which stay as they are.
    @discardableResult
    mutating func leave(_ name: String) -> Rules? { rules.removeValue(forKey: name) }

    // MARK: Changes

    /// Changes a node's rules, and tells where the kernel refuses.
    func change(_ name: String, _ body: (Rules) -> Void) {
        guard let own = rules[name] else { return }
        let before = own.failure
        body(own)
        if let failure = own.failure, failure != before {
            logger.error("the \(words) of \(name) are not as they should be: \(failure); they are tried again")
        }
    }

    /// Puts in order what somebody else has changed.
    func repair() {
        for (name, own) in rules {
            guard let found = own.repair() else { continue }
            if let failure = own.failure {
                logger.debug("the \(words) of \(name) are still not as they should be: \(failure)")
            } else {
                logger.notice("put the \(words) of \(name) in order again", metadata: ["because": "\(found)"])
            }
        }
    }

    // MARK: Status

    /// A component's status.
    ///
    /// - Parameters:
    ///   - summary: what it does, in words, without the nodes.
    ///   - problems: what else is wrong.
    func status(role: String, name: String, _ summary: String, problems: [String]) -> ComponentStatus {
        let failures = rules.sorted { $0.key < $1.key }.compactMap { name, own in own.failure.map { "\(name): \($0)" } }
        let repairs = rules.values.reduce(0) { $0 + $1.repairs }
        return ComponentStatus(
            role: role, name: name,
            status: "\(summary) on \(rules.count) nodes" + (repairs > 0 ? ", repaired \(repairs) times" : ""),
            isHealthy: failures.isEmpty, problems: failures + problems)
    }
}
