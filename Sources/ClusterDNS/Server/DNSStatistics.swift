internal import Synchronization

/// What a server has done since it was started.
public struct DNSStatistics: Hashable, Sendable {
    /// Datagrams and messages that came.
    public var received: UInt64 = 0
    /// Answers that were sent, those of others among them.
    public var answered: UInt64 = 0
    /// What was not answered: it was no query.
    public var ignored: UInt64 = 0
    /// Questions that others were asked, or whose answer by others was still known.
    public var forwarded: UInt64 = 0
    /// Questions that failed because no other server answered.
    public var failed: UInt64 = 0
    /// TCP connections that were accepted.
    public var connections: UInt64 = 0
    /// Connections that were ended because the client was too slow, too many, or sent no query.
    public var closed: UInt64 = 0
}

/// Counts from several threads.
final class DNSCounters: Sendable {
    let received = Atomic<UInt64>(0)
    let answered = Atomic<UInt64>(0)
    let ignored = Atomic<UInt64>(0)
    let forwarded = Atomic<UInt64>(0)
    let failed = Atomic<UInt64>(0)
    let connections = Atomic<UInt64>(0)
    let closed = Atomic<UInt64>(0)

    var statistics: DNSStatistics {
        DNSStatistics(
            received: received.load(ordering: .relaxed), answered: answered.load(ordering: .relaxed),
            ignored: ignored.load(ordering: .relaxed), forwarded: forwarded.load(ordering: .relaxed),
            failed: failed.load(ordering: .relaxed), connections: connections.load(ordering: .relaxed),
            closed: closed.load(ordering: .relaxed))
    }
}

extension Atomic<UInt64> {
    func add(_ count: Int = 1) { wrappingAdd(UInt64(count), ordering: .relaxed) }
}
