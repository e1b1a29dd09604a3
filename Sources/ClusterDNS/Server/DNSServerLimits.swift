/// How much of the process the clients of a DNS server can take.
public struct DNSServerLimits: Hashable, Sendable {
    /// The most TCP connections at a time. One more ends the one that has been quiet for longest.
    public var connections = 512
    /// How long a TCP connection may be quiet, or not take what it asked for.
    public var idle = Duration.seconds(10)
    /// How long a client may take over TCP from the first byte of a query to its last.
    public var query = Duration.seconds(5)
    /// The most bytes of a query over TCP.
    public var queryBytes = 4096
    /// The most questions of one TCP connection that others are being asked.
    public var forwardedOfConnection = 32
    /// The most clients that wait for one answer of others.
    public var waiting = 256
    /// How long one server is waited for before the next one is asked.
    public var attempt = Duration.seconds(1)
    /// How long others are asked in all before the client is told that it failed. Clients give up after five seconds.
    public var forward = Duration.seconds(4)
    /// The most answers of others that are kept.
    public var cachedAnswers = 1024

    /// The defaults suit a cluster's pods.
    public init() {}
}
