import Glibc
import NIOCore

/// How much of the supervisor a client of the built-in server can take.
struct BuiltinServerLimits: Sendable {
    /// The most bytes of a request line with its header fields.
    var headerBytes = 16 * 1024
    /// The most bytes of a request's body. It is read and dropped.
    var bodyBytes = 1024 * 1024
    /// The most connections of one listener at a time.
    var connectionsPerListener = 4096
    /// The most connections of all listeners: half of the descriptors that the process may open.
    var connections = BuiltinServerLimits.halfOfDescriptors()
    /// How long a connection may take to send a whole request, to be silent between two, or to take a reply.
    var idle = TimeAmount.seconds(60)
    /// How long what a client still sends is read after a reply that ends the connection: a close with unread data
    /// resets the connection, and the reply could be lost.
    var linger = TimeAmount.milliseconds(500)
    /// The time of one try of a dial, as agnhost has it.
    var dialTry = TimeAmount.seconds(5)
    /// The time of all tries of a dial.
    var dial = TimeAmount.seconds(60)
    /// The most tries of a dial.
    var dialTries = 1000
    /// The most bytes of one reply that a dial takes.
    var dialReplyBytes = 128 * 1024
    /// The most bytes of all replies that a dial takes.
    var dialBytes = 1024 * 1024

    private static func halfOfDescriptors() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 512 }
        return Int(clamping: min(limit.rlim_cur, 1 << 20) / 2)
    }
}
