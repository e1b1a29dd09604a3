import Glibc
import Runtime
import Topology

/// One `lab up`: it hands the spec to the lab's supervisor, starting one where there is none, and follows the work.
struct LabBuild {
    let spec: LabSpec
    let directories: LabDirectories

    /// Builds or converges the lab.
    ///
    /// - Throws: `ControlFailure` for what the supervisor could not do; `ExitStatus` 130 after Ctrl-C.
    func run(_ progress: inout ProgressLine) async throws -> UpSummary {
        Interruption.watch()
        // A large spec takes as long to encode as a supervisor to start.
        let request = Task { [spec] in try EncodedRequest(up: spec) }
        var mayTryAgain = true
        while true {
            do {
                if let summary = try await attempt(request, &progress) { return summary }
            } catch let error as StateError where mayTryAgain && Self.isReset(error) {
                // The connection was to a supervisor that was just dying, and that has not read the request.
                mayTryAgain = false
            }
        }
    }

    private static func isReset(_ error: StateError) -> Bool {
        error.cause?.errno == ECONNRESET || error.cause?.errno == EPIPE
    }

    /// Nil where the supervisor was about to end; the next one takes the request.
    private func attempt(
        _ request: Task<EncodedRequest, any Error>, _ progress: inout ProgressLine
    ) async throws -> UpSummary? {
        progress.show("starting the supervisor")
        let client = try SupervisorLauncher(lab: spec.name, directories: directories).connect {
            FileHandleStream.standardError.write("another process is changing \(spec.name); waiting for it\n")
        }
        try client.send(try await request.value)
        var hasCancelled = false
        while true {
            let event = try client.next {
                guard Interruption.hasHappened, !hasCancelled else { return }
                hasCancelled = true
                try client.send(.cancel)
            }
            switch event {
            case .progress(let phase, let done, let total): progress.show(phase, done: done, total: total)
            case .finished(let summary): return summary
            case .failed(let failure):
                progress.clear()
                if failure.isCancelled {
                    FileHandleStream.standardError.write("lab: \(failure)\n")
                    throw ExitStatus(status: 130)
                }
                throw failure
            case .retired: return nil
            case .status, .components: continue
            }
        }
    }
}

/// Ctrl-C and its relatives, as a flag: the work under way is asked to stop and clear up.
enum Interruption {
    nonisolated(unsafe) private static var flag: sig_atomic_t = 0

    /// Turns SIGINT, SIGTERM and SIGHUP into the flag. A second one ends the process.
    static func watch() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in Interruption.flag = 1 }
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
            sigaction(number, &action, nil)
        }
    }

    static var hasHappened: Bool { flag != 0 }

    /// Runs `body` as a task that Ctrl-C cancels, so that it can clear up.
    ///
    /// - Throws: `ExitStatus` 130 after Ctrl-C, else what `body` throws.
    static func cancelling<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        watch()
        let work = Task { try await body() }
        let watcher = Task {
            while !hasHappened { try await Task.sleep(for: .milliseconds(50)) }
            work.cancel()
        }
        defer { watcher.cancel() }
        do {
            return try await work.value
        } catch  where hasHappened {
            FileHandleStream.standardError.write("lab: stopped; the suite's pods are removed\n")
            throw ExitStatus(status: 130)
        }
    }
}
