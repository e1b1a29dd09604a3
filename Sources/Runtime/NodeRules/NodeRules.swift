/// The rules that a component keeps in one node's kernel.
///
/// Only for the component's thread: the sockets behind them are used by one at a time.
protocol NodeRules: AnyObject {
    /// The inode of the node's network namespace. Under the same name another one may come.
    var inode: UInt64 { get }
    /// Why the kernel does not hold the rules; nil where it does.
    var failure: String? { get }
    /// How often somebody else's changes were repaired.
    var repairs: Int { get }

    /// Puts the rules back where somebody else has removed of them, or where the kernel refused them before.
    ///
    /// - Returns: what was found, or nil where everything is as it should be.
    func repair() -> String?

    /// Removes the component's rules from the calling thread's network namespace.
    static func clear() throws
}
