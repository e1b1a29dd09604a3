internal import CLinux
internal import Glibc
public import Netlink
internal import NetworkNamespaces

/// A program that is to run inside a pod's, node's or host's namespaces.
public struct ProcessRequest: Sendable {
    /// A file of the state directory that the program sees under another path.
    public struct Bind: Hashable, Sendable {
        /// The file shown.
        public let source: String
        /// Where it is shown.
        public let target: String
    }

    /// The program and its arguments. The program is looked up in PATH unless it names a path.
    public var arguments: [String]
    /// The environment, `NAME=value`.
    public var environment: [String]
    /// Where the program starts.
    public var workingDirectory: String?
    /// The path of its network namespace; nil: the program stays in all of this process' namespaces.
    public var networkNamespace: String?
    /// The host name that it sees; nil: the host's.
    public var hostName: String?
    /// Files that it sees instead of the host's.
    public var binds: [Bind]
    /// The process whose mount and host name namespaces it joins instead of getting new ones.
    public var join: Int32?
    /// The directory of namespace mounts that its mount namespace drops.
    public var namespaceDirectory: String
    /// For how many descriptors it has room from the start, with the limit raised as far as it goes; 0: as it comes.
    var descriptors: Int32 = 0

    /// Describes a program to run.
    public init(
        arguments: [String], environment: [String], workingDirectory: String? = nil, networkNamespace: String?,
        hostName: String? = nil, binds: [Bind] = [], join: Int32? = nil, namespaceDirectory: String
    ) {
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.networkNamespace = networkNamespace
        self.hostName = hostName
        self.binds = binds
        self.join = join
        self.namespaceDirectory = namespaceDirectory
    }

    /// Where the kernel looks for the program, in order.
    var candidates: [String] {
        guard let program = arguments.first else { return [] }
        if program.contains("/") { return [program] }
        let path = environment.last { $0.hasPrefix("PATH=") }.map { String($0.dropFirst(5)) } ?? Self.usualPath
        return path.split(separator: ":").map { "\($0)/\(program)" }
    }
}

/// Why a program could not be started.
public struct ProcessError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The program.
    public let program: String
    /// Which step failed.
    public let step: String
    /// What the kernel said.
    public let cause: SystemError
    /// Whether everything but the program itself was fine: it does not exist or cannot be executed.
    public let isProgram: Bool

    /// Whether there is no such program.
    public var isNotFound: Bool { isProgram && cause.errno == ENOENT }

    /// The program, the step that failed, and what the kernel said.
    public var description: String { "cannot start \(program): \(step): \(cause)" }

    init(program: String, step: String, errno: Int32, isProgram: Bool = false) {
        self.program = program
        self.step = step
        self.cause = SystemError(errno: errno)
        self.isProgram = isProgram
    }

    init(_ request: ProcessRequest, _ failure: lab_process_failure) {
        program = request.arguments.first ?? ""
        cause = SystemError(errno: failure.error)
        isProgram = failure.stage == LAB_STAGE_EXECUTE
        step =
            switch failure.stage {
            case LAB_STAGE_CLONE: "clone"
            case LAB_STAGE_NETWORK_NAMESPACE: "enter the network namespace \(request.networkNamespace ?? "")"
            case LAB_STAGE_MOUNT_NAMESPACE: "make a mount namespace"
            case LAB_STAGE_HOST_NAME: "set the host name"
            case LAB_STAGE_MOUNT:
                failure.mount_index == 0
                    ? "mount sysfs" : "show \(request.binds[Int(failure.mount_index) - 1].target)"
            case LAB_STAGE_STANDARD_IO: "connect the standard streams"
            case LAB_STAGE_SESSION: "start a session"
            default: "execute"
            }
    }
}
