internal import Glibc
public import KubernetesModel

extension Timestamp {
    /// This moment, to the microsecond.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// The moment so many seconds from now, at most some thousand years.
    static func now(plus seconds: Int64) -> Timestamp {
        Timestamp(microseconds: now.microseconds + min(max(seconds, 0), 1 << 36) * 1_000_000)
    }
}
