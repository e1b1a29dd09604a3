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

    /// Joins a client with the program of a container that has an input or a terminal.
    ///
    /// - Returns: nil where the container has neither or does not run: its log is all that there is.
    /// - Throws: `APIStatus`: 400 as above, 500 where descriptors have run out.
    func attach(to pod: ObjectKey, container: String?, hasInput: Bool) async throws(APIStatus) -> ContainerAttachment?

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

/// A client's part of a container that has an input or a terminal. Who gets it closes the descriptors, each once.
///
/// Output comes through the container's log file: clients take it from there at their own pace, so that none that does
/// not read takes memory or holds the program up.
public struct ContainerAttachment: Sendable {
    /// Where the program's input is written, non-blocking; nil where it takes none from this client. Closing it ends the
    /// input of a container with `stdinOnce`.
    public let input: Int32?
    /// The log, for reading at any place.
    public let log: Int32
    /// The place in the log from which on the output is the client's.
    public let start: Int64
    /// Gives an element whenever there is more output, and ends when there will be no more.
    public let growth: AsyncStream<Void>
    /// Whether the log's bytes from a place on were written to standard error, and where such bytes end.
    public let origin: @Sendable (_ place: Int64) -> (isError: Bool, end: Int64)
    /// Changes the terminal's size, in characters.
    public let resize: @Sendable (_ columns: UInt16, _ rows: UInt16) -> Void
    /// Whether the program has a terminal.
    public let hasTerminal: Bool

    /// Describes a client's part.
    public init(
        input: Int32?, log: Int32, start: Int64, growth: AsyncStream<Void>,
        origin: @escaping @Sendable (Int64) -> (isError: Bool, end: Int64),
        resize: @escaping @Sendable (UInt16, UInt16) -> Void, hasTerminal: Bool
    ) {
        self.input = input
        self.log = log
        self.start = start
        self.growth = growth
        self.origin = origin
        self.resize = resize
        self.hasTerminal = hasTerminal
    }
}
