internal import Glibc

/// The limit of open files. A lab of a thousand pods has some thousand sockets.
public enum FileLimit {
    /// Below this, not even a supervisor can be started, told of its failure, and cleared up after.
    static let least: rlim_t = 64

    /// Raises this process' limit as far as it may go.
    ///
    /// - Throws: `BuildError` where that is too little for any lab.
    public static func raise() throws(BuildError) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < least else { return }
        throw BuildError(
            attempt: "build a lab", reason: "too many open files: the limit is \(limit.rlim_cur)",
            remedy: "raise it with ulimit -n 4096", isHostLacking: true)
    }
}
