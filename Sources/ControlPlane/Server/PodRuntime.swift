public import KubernetesModel

/// What runs the pods' containers, as the API server needs it for logs, exec, attach and port-forward.
public protocol PodRuntime: Sendable {
    /// Where a container's output is written.
    ///
    /// - Throws: `APIStatus`: 400 where the pod has several containers and none is named, or has no such one.
    func log(of pod: ObjectKey, container: String?, previous: Bool) async throws(APIStatus) -> ContainerLog

    /// Starts a program in a container.
    ///
    /// - Throws: `APIStatus`: 400 as above, 500 where it cannot be started.
    func exec(in pod: ObjectKey, _ request: ExecRequest) async throws(APIStatus) -> ContainerProcess

    /// Opens a TCP connection to a port of a pod, from inside the pod to its loopback, as the kubelet does.
    ///
    /// - Returns: a connected socket, non-blocking, which the caller closes.
    func connect(to pod: ObjectKey, port: UInt16) async throws(APIStatus) -> Int32
}

/// A container's output so far.
public struct ContainerLog: Sendable {
    /// The file.
    public let path: String
    /// Whether more may come.
    public let isRunning: @Sendable () async -> Bool

    /// Tells where the output is.
    public init(path: String, isRunning: @escaping @Sendable () async -> Bool) {
        self.path = path
        self.isRunning = isRunning
    }
}

/// A program that is to run in a container (core/v1 PodExecOptions).
public struct ExecRequest: Sendable {
    /// The container, or nil for the only or default one.
    public var container: String?
    /// The program and its arguments.
    public var command: [String]
    /// Whether its standard input is passed.
    public var hasInput: Bool
    /// Whether it gets a terminal, which then carries all three streams.
    public var hasTerminal: Bool

    /// Asks for a program.
    public init(container: String?, command: [String], hasInput: Bool, hasTerminal: Bool) {
        self.container = container
        self.command = command
        self.hasInput = hasInput
        self.hasTerminal = hasTerminal
    }
}

/// A program that was started in a container. Who gets it closes the descriptors, each once; all are non-blocking.
public struct ContainerProcess: Sendable {
    /// The writing end of its standard input, or nil.
    public let input: Int32?
    /// The reading end of its standard output; the terminal's own side where there is one.
    public let output: Int32
    /// The reading end of its standard error, or nil with a terminal.
    public let error: Int32?
    /// Changes the terminal's size, in characters.
    public let resize: @Sendable (_ columns: UInt16, _ rows: UInt16) -> Void
    /// Waits for the program's end: its exit status, 128 and the number of the signal that ended it.
    public let exitStatus: @Sendable () async -> Int32
    /// Ends the program and its children.
    public let terminate: @Sendable () -> Void

    /// Describes a program that was started.
    public init(
        input: Int32?, output: Int32, error: Int32?, resize: @escaping @Sendable (UInt16, UInt16) -> Void,
        exitStatus: @escaping @Sendable () async -> Int32, terminate: @escaping @Sendable () -> Void
    ) {
        self.input = input
        self.output = output
        self.error = error
        self.resize = resize
        self.exitStatus = exitStatus
        self.terminate = terminate
    }
}
