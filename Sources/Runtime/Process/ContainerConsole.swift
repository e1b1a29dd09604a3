internal import CLinux
internal import ControlPlane
internal import Glibc
internal import Synchronization
internal import Topology

/// The other side of the streams of a container that has an input or a terminal.
///
///     clients ──> input ──> program ──> output, error ──> log file ──> clients
///                   or both by a terminal      (pump)
///
/// Clients read the log at their own pace, and are told when it has grown: one that does not read harms nobody. When this
/// process dies, the program's input ends and its terminal hangs up, as with a container runtime that dies.
final class ContainerConsole: Sendable {
    private struct State {
        /// Where input is written; nil where the program takes none, or no more.
        var input: Int32?
        /// The terminal's own side, which is the output too.
        var terminal: Int32?
        /// Whether what comes from these descriptors is standard error.
        var outputs: [Int32: Bool] = [:]
        var log: Int32
        var length: Int64 = 0
        var origins = OutputOrigins()
        var clients: [Int: AsyncStream<Void>.Continuation] = [:]
        var joined = 0
        var hasEnded = false
    }

    /// As much as a pipe can hold: what a program leaves when it ends.
    private static let mostLeft = 1024 * 1024
    private static let pieceBytes = 64 * 1024

    private let state: Mutex<State>
    private let pump: OutputPump
    private let hasInput: Bool
    private let inputOnce: Bool
    private let hasTerminal: Bool

    /// Takes a log file, which is closed at the end.
    private init(_ container: ContainerSpec, log: Int32, pump: OutputPump) {
        hasInput = container.hasInput
        inputOnce = container.inputOnce
        hasTerminal = container.hasTerminal
        self.pump = pump
        state = Mutex(State(log: log))
    }

    /// Starts a program with the streams that its container asks for.
    ///
    /// - Parameter path: its log, which is created.
    static func start(
        _ request: ProcessRequest, of container: ContainerSpec, log path: String, pump: OutputPump
    ) throws -> (process: StartedProcess, console: ContainerConsole) {
        let log = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw StateError("open", path, errno: errno) }
        let console = ContainerConsole(container, log: log, pump: pump)
        do {
            let process = try container.hasTerminal ? console.inTerminal(request) : console.throughPipes(request)
            do {
                try console.begin()
            } catch {
                // Nobody would read what it writes.
                kill(-process.pid, SIGKILL)
                close(process.pidfd)
                throw error
            }
            return (process, console)
        } catch {
            console.finish()
            throw error
        }
    }

    private func inTerminal(_ request: ProcessRequest) throws -> StartedProcess {
        var terminal: Int32 = -1
        var secondary: Int32 = -1
        guard lab_open_terminal(&terminal, &secondary) == 0 else {
            throw StateError("open", "a pseudo-terminal", errno: errno)
        }
        defer { close(secondary) }
        Pipe.setNonBlocking(terminal)
        state.withLock {
            $0.terminal = terminal
            $0.outputs = [terminal: false]
        }
        var request = request
        if !request.environment.contains(where: { $0.hasPrefix("TERM=") }) { request.environment.append("TERM=xterm") }
        return try request.spawn(input: secondary, output: secondary, error: secondary, isTerminal: true)
    }

    private func throughPipes(_ request: ProcessRequest) throws -> StartedProcess {
        let (input, output, error) = (try Pipe(), try Pipe(), try Pipe())
        let process = try request.spawn(
            input: input.reading, output: output.writing, error: error.writing, isTerminal: false)
        let descriptors = (input.takeWriting(), output.takeReading(), error.takeReading())
        state.withLock {
            $0.input = descriptors.0
            $0.outputs = [descriptors.1: false, descriptors.2: true]
        }
        return process
    }

    private func begin() throws(StateError) {
        for descriptor in state.withLock({ Array($0.outputs.keys) }) {
            try pump.watch(descriptor) { self.read(descriptor) }
        }
    }

    // MARK: Output

    private func read(_ descriptor: Int32) {
        let clients = state.withLock { state in
            _ = transfer(descriptor, &state)
            return Array(state.clients.values)
        }
        for client in clients { client.yield() }
    }

    /// Moves what a descriptor has to the log.
    ///
    /// - Returns: the number of bytes; none where there is nothing now, or nothing any more.
    private func transfer(_ descriptor: Int32, _ state: inout State) -> Int {
        guard let isError = state.outputs[descriptor] else { return 0 }
        return withUnsafeTemporaryAllocation(byteCount: Self.pieceBytes, alignment: 1) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else {
                if count == 0 || (errno != EAGAIN && errno != EINTR) { drop(descriptor, &state) }
                return 0
            }
            state.origins.append(isError: isError, at: state.length)
            state.length += Int64(Self.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: state.log))
            return count
        }
    }

    /// Writes to the log as much as it takes: on a full disk, output is lost and the program goes on.
    private static func write(_ bytes: UnsafeRawBufferPointer, to log: Int32) -> Int {
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(log, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            written += count
        }
        return written
    }

    /// Reads a descriptor no more.
    private func drop(_ descriptor: Int32, _ state: inout State) {
        pump.forget(descriptor)
        state.outputs[descriptor] = nil
        if descriptor != state.terminal { close(descriptor) }
    }

    /// Takes what the program has left behind, and closes everything: the program has ended.
    func finish() {
        let clients = state.withLock { state in
            guard !state.hasEnded else { return [AsyncStream<Void>.Continuation]() }
            for descriptor in state.outputs.keys {
                var left = Self.mostLeft
                while left > 0 {
                    let count = transfer(descriptor, &state)
                    guard count > 0 else { break }
                    left -= count
                }
                // Children that live on are not waited for.
                if state.outputs[descriptor] != nil { drop(descriptor, &state) }
            }
            for case let descriptor? in [state.input, state.terminal, state.log] { close(descriptor) }
            state.input = nil
            state.terminal = nil
            state.hasEnded = true
            defer { state.clients = [:] }
            return Array(state.clients.values)
        }
        for client in clients { client.finish() }
    }

    // MARK: Clients

    /// Joins a client. The first gets the output from the beginning, since it may come after a program that it has started
    /// itself; others get what comes from now on.
    ///
    /// - Returns: nil where the program has ended.
    func join(hasInput wantsInput: Bool) throws(StateError) -> ContainerAttachment? {
        let (growth, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let joined = state.withLock { state -> Result<(client: Int, ContainerAttachment)?, StateError> in
            guard !state.hasEnded else { return .success(nil) }
            let log = fcntl(state.log, F_DUPFD_CLOEXEC, 3)
            guard log >= 0 else { return .failure(StateError("attach to", "a container", errno: errno)) }
            let input = wantsInput ? takeInput(&state) : nil
            let client = state.joined
            state.joined += 1
            state.clients[client] = continuation
            return .success(
                (
                    client,
                    ContainerAttachment(
                        input: input, log: log, start: client == 0 ? 0 : state.length, growth: growth,
                        origin: { self.origin(of: $0) }, resize: { self.resize(columns: $0, rows: $1) },
                        hasTerminal: hasTerminal)
                ))
        }
        guard let (client, attachment) = try joined.get() else { return nil }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.clients[client] = nil }
        }
        // There may be output already, and the end may have come meanwhile.
        continuation.yield()
        if state.withLock({ $0.hasEnded }) { continuation.finish() }
        return attachment
    }

    /// A client's own descriptor for input. With `stdinOnce` it is the only one, and the input ends with it; but a terminal
    /// outlives its clients.
    private func takeInput(_ state: inout State) -> Int32? {
        guard hasInput else { return nil }
        if inputOnce, !hasTerminal {
            defer { state.input = nil }
            return state.input
        }
        guard let input = state.terminal ?? state.input else { return nil }
        let copy = fcntl(input, F_DUPFD_CLOEXEC, 3)
        return copy >= 0 ? copy : nil
    }

    private func origin(of place: Int64) -> (isError: Bool, end: Int64) {
        state.withLock { $0.origins.origin(of: place, length: $0.length) }
    }

    private func resize(columns: UInt16, rows: UInt16) {
        state.withLock { state in
            guard let terminal = state.terminal else { return }
            var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
            _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
        }
    }
}
