import Glibc
import Runtime

/// What verbs that change the kernel need.
enum Privilege {
    /// Refuses to go on without the capabilities to make network namespaces.
    static func require(_ purpose: String) throws {
        guard !Capabilities.current.isSuperset(of: .needed) else { return }
        throw Failure("to \(purpose), lab needs root: sudo lab …", status: Exit.hostLacking)
    }
}
