import CLinux

/// A thread of our own: reading captures blocks, which no pool's thread may.
struct CaptureThread: Sendable {
    private let identifier: pthread_t

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread on which no signal is handled.
    static func start(_ run: @escaping @Sendable () -> Void) throws(CaptureError) -> CaptureThread {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        let body = Unmanaged.passRetained(Body(run))
        var identifier = pthread_t()
        let error = pthread_create(
            &identifier, nil,
            { argument in
                lab_capture_name_thread("lab-capture")
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard error == 0 else {
            body.release()
            throw .thread(reason: String(cString: strerror(error)))
        }
        return CaptureThread(identifier: identifier)
    }

    /// Waits until the thread has ended. Call either this or `detach`, once.
    func join() {
        pthread_join(identifier, nil)
    }

    /// Lets the thread end by itself.
    func detach() {
        pthread_detach(identifier)
    }
}
