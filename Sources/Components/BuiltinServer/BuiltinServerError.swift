import Glibc
public import Topology

/// Why the built-in server does not serve a socket.
public enum BuiltinServerError: Error, Hashable {
    /// The server was closed.
    case closed
    /// The event loops are not NIOPosix's, which alone can adopt descriptors.
    case unsuitableEventLoops
    /// Only TCP and UDP are served.
    case unsupportedTransport(Transport, fileDescriptor: Int32)
    /// A system call on the descriptor failed.
    case systemCall(String, fileDescriptor: Int32, errno: Int32)
    /// The descriptor is not what the caller said; `found` says what it is.
    case mismatch(fileDescriptor: Int32, expected: String, found: String)
    /// The event loop did not take the socket.
    case adoption(fileDescriptor: Int32, reason: String)
}

extension BuiltinServerError: CustomStringConvertible {
    /// What was attempted, on what, what went wrong, and what helps.
    public var description: String {
        switch self {
        case .closed:
            "the built-in server is closed and takes no more sockets"
        case .unsuitableEventLoops:
            "the built-in server needs NIOPosix event loops, such as a MultiThreadedEventLoopGroup"
        case .unsupportedTransport(let transport, let descriptor):
            "the built-in server serves TCP and UDP, and descriptor \(descriptor) was given for \(transport.rawValue)"
        case .systemCall(let call, let descriptor, let errno):
            "cannot serve descriptor \(descriptor): \(call): \(systemErrorText(errno)); give an open, bound socket"
        case .mismatch(let descriptor, let expected, let found):
            "cannot serve descriptor \(descriptor): expected \(expected), found \(found)"
        case .adoption(let descriptor, let reason):
            "the event loop did not take descriptor \(descriptor): \(reason)"
        }
    }
}

/// What the C library calls an error number.
func systemErrorText(_ code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
}
