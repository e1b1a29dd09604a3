internal import CLinux
internal import Glibc

/// Why a netlink request failed.
public struct NetlinkError: Error, Hashable, Sendable {
    /// What went wrong.
    public enum Code: Hashable, Sendable {
        /// The kernel refused a request with this errno.
        case refused(errno: Int32)
        /// The socket could not be opened, written or read.
        case socket(errno: Int32)
        /// A dump was interrupted by changes on every attempt.
        case interrupted
        /// The kernel answered with something that is no valid message.
        case malformed
    }

    /// What went wrong.
    public let code: Code
    /// The place of the refused request in its batch, where there was one.
    public let index: Int?
    /// What the kernel said beyond the errno (NLMSGERR_ATTR_MSG).
    public let kernelMessage: String?

    /// Makes an error.
    public init(_ code: Code, index: Int? = nil, kernelMessage: String? = nil) {
        self.code = code
        self.index = index
        self.kernelMessage = kernelMessage
    }

    /// The errno, where the kernel gave one.
    public var errno: Int32? {
        switch code {
        case .refused(let errno), .socket(let errno): errno
        case .interrupted, .malformed: nil
        }
    }
}

extension NetlinkError: CustomStringConvertible {
    /// What the kernel said.
    public var description: String {
        let text =
            switch code {
            case .refused(let errno): SystemError(errno: errno).description
            case .socket(let errno): "netlink socket: \(SystemError(errno: errno))"
            case .interrupted: "the kernel's tables changed during every attempt to read them"
            case .malformed: "the kernel's answer is no valid netlink message"
            }
        return kernelMessage.map { "\(text): \($0)" } ?? text
    }
}

/// An errno with its text.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The number, such as ENOENT.
    public let errno: Int32

    /// Wraps a number.
    public init(errno: Int32) {
        self.errno = errno
    }

    /// The errno that the last failed call of this thread left.
    public static var last: SystemError { SystemError(errno: Glibc.errno) }

    /// The text of strerror(3).
    public var description: String { String(cString: strerror(errno)) }
}
