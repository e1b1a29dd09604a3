internal import Glibc
internal import Netlink
internal import NetworkNamespaces
internal import Topology

/// Why a lab could not be built, changed or removed.
public struct BuildError: Error, Sendable, CustomStringConvertible {
    /// What was attempted, on what: "create the network namespace two-node.node1".
    public let attempt: String
    /// What the kernel, or the part that refused, said.
    public let reason: String
    /// What the user can do, where that is known.
    public let remedy: String?
    /// Whether the host lacks something that the lab needs: root, or a kernel feature.
    public let isHostLacking: Bool

    /// Makes an error.
    public init(attempt: String, reason: String, remedy: String? = nil, isHostLacking: Bool = false) {
        self.attempt = attempt
        self.reason = reason
        self.remedy = remedy
        self.isHostLacking = isHostLacking
    }

    init(_ operation: Operation, _ cause: any Error) {
        let number = (cause as? NetlinkError)?.errno ?? (cause as? NamespaceError)?.cause.errno
        attempt = operation.summary
        reason = "\(cause)"
        isHostLacking = number.map { [EPERM, EOPNOTSUPP, EAFNOSUPPORT, ENOSYS].contains($0) } ?? false
        remedy =
            switch number {
            case EPERM: "run lab as root"
            case EOPNOTSUPP, EAFNOSUPPORT, ENOSYS: "this kernel lacks a feature; lab doctor says which"
            case ENOSPC, ENOMEM: "make room: lab down removes labs that are no longer needed"
            case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
            case EEXIST: "something that this lab did not make is in the way; lab down and lab up start afresh"
            default: nil
            }
    }

    /// What was attempted, why it failed, and what helps.
    public var description: String {
        "cannot \(attempt): \(reason)" + (remedy.map { "; \($0)" } ?? "")
    }
}
