internal import CLinux
internal import Components
internal import Glibc
internal import Logging
internal import NIOPosix
internal import NetworkNamespaces
internal import Topology

/// The life of a supervisor process.
public enum SupervisorProcess {
    /// The exit status of a supervisor that found another one.
    public static let alreadyRunning: Int32 = 4
    /// What a supervisor says on standard output once it listens; where it never does, it says why.
    static let ready = "ready"

    /// Supervises a lab until it is told to end, or cannot be built.
    ///
    /// - Returns: the exit status.
    public static func run(lab: String, directories: LabDirectories) async -> Int32 {
        do {
            return try await supervise(lab, directories)
        } catch {
            say("\(error)")
            return 1
        }
    }

    private static func supervise(_ lab: String, _ directories: LabDirectories) async throws -> Int32 {
        let directory = directories.lab(lab)
        try directory.create()
        guard let lock = try LabLock.attempt(directory, as: .supervisor) else { return alreadyRunning }
        try FileLimit.raise()
        signal(SIGPIPE, SIG_IGN)
        // Ctrl-C is for the command line, which asks for an orderly retreat.
        signal(SIGINT, SIG_IGN)
        signal(SIGHUP, SIG_IGN)

        var logger = Logger(label: "supervisor") { StreamLogHandler.standardError(label: $0) }
        logger[metadataKey: "lab"] = "\(lab)"
        let group = MultiThreadedEventLoopGroup.singleton
        let builder = Builder(thread: try NamespaceThread.start(), directories: directories)
        let server = BuiltinServer(group: group, logger: logger)
        let watcher = try ProcessWatcher()
        let workloads = Workloads(
            directory: directory, directories: directories, builder: builder, server: server, watcher: watcher,
            logger: logger)
        let (stops, continuation) = AsyncThrowingStream.makeStream(of: Void.self)
        let supervisor = Supervisor(
            Cluster.Surroundings(
                directory: directory, directories: directories, builder: builder, workloads: workloads, group: group,
                watcher: watcher, logger: logger),
            stop: { continuation.finish() })
        let control = ControlServer(supervisor: supervisor, logger: logger)
        let serving = Task {
            do {
                try await control.run(path: directory.controlSocket, group: group) { say(ready) }
            } catch {
                continuation.finish(throwing: error)
            }
        }
        await supervisor.takeOver()
        // The socket's file stays: the directory may be another supervisor's by now, and a new one replaces it.
        for try await _ in stops {}
        serving.cancel()
        extendLifetime(lock)
        return 0
    }

    private static func say(_ words: String) {
        let text = Array(words.utf8)
        _ = text.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
        // The command line waits for the end of this pipe.
        let null = open("/dev/null", O_WRONLY)
        if null >= 0 {
            dup2(null, 1)
            close(null)
        }
    }

}
