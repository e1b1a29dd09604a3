internal import CLinux
internal import Glibc

/// A thread of our own: serving blocks, which no pool's thread may.
enum ServerThread {
    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(_ name: String, _ run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Starts a thread.
    ///
    /// - Parameter name: at most 15 bytes.
    static func start(_ name: String, _ run: @escaping @Sendable () -> Void) throws(DNSServerError) {
        let body = Unmanaged.passRetained(Body(name, run))
        let error = lab_start_thread(
            { context in
                guard let context else { return }
                let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                lab_name_thread(body.name)
                body.run()
            }, body.toOpaque())
        guard error == 0 else {
            body.release()
            throw DNSServerError("start", "the thread \(name)", errno: error)
        }
    }
}
