import CLinux
import Glibc

/// Runs what blocks on a thread of its own: the threads of tasks are few, and none may wait.
enum OwnThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs `body` and gives its result.
    /// - Throws: what `body` throws; `ConformanceError` where no thread is to be had.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let context = Unmanaged.passRetained(Body { continuation.resume(with: Result(catching: body)) })
            let error = lab_start_thread(
                { argument in
                    guard let argument else { return }
                    Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                }, context.toOpaque())
            guard error != 0 else { return }
            context.release()
            continuation.resume(
                throwing: ConformanceError(
                    "cannot start a thread: \(String(cString: strerror(error)))",
                    remedy: "raise the limit of processes (ulimit -u)"))
        }
    }
}
