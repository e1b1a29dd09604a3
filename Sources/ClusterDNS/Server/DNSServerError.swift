internal import Glibc

/// Why a DNS server cannot serve.
public struct DNSServerError: Error, Hashable, Sendable {
    /// What was attempted, such as `bind`.
    public let operation: String
    /// On what, such as an address and port.
    public let subject: String
    /// What the kernel said.
    public let errno: Int32

    init(_ operation: String, _ subject: String, errno: Int32) {
        self.operation = operation
        self.subject = subject
        self.errno = errno
    }
}

extension DNSServerError: CustomStringConvertible {
    /// What was attempted, on what, what the kernel said, and what helps.
    public var description: String {
        let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
        let advice =
            switch errno {
            case EADDRINUSE: "; another server of the namespace has the port, end that one first"
            case EADDRNOTAVAIL: "; the address has to be on an interface of the namespace"
            case EACCES, EPERM: "; ports below 1024 need CAP_NET_BIND_SERVICE"
            case EMFILE, ENFILE: "; raise the limit of open files (ulimit -n)"
            default: ""
            }
        return "the cluster DNS cannot \(operation) \(subject): \(reason)\(advice)"
    }
}
