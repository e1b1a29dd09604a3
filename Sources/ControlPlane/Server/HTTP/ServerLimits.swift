internal import NIOCore

/// How much of the process a client of the API server can take.
struct ServerLimits: Sendable {
    /// The most bytes of a request line with its header fields.
    var headerBytes = 64 * 1024
    /// The most bytes of an object in a request, as the API server has it.
    var bodyBytes = 3 * 1024 * 1024
    /// The most bytes of all objects that the machine's own command line applies at a time.
    var manifestBytes = 64 * 1024 * 1024
    /// The most bytes of all bodies that are being received at a time.
    var bodyBytesTogether = 192 * 1024 * 1024
    /// The most connections of one listener at a time.
    var connectionsPerListener = 4096
    /// The time for the TLS handshake and the first request's head.
    var firstHead = TimeAmount.seconds(30)
    /// The time until the head of the next request is whole: longer than client-go keeps an idle connection (90 s), so
    /// that it is the client who closes.
    var nextHead = TimeAmount.seconds(100)
    /// The time for a whole body.
    var body = TimeAmount.seconds(60)
    /// The time in which a client has to take a piece of an answer that ends.
    var write = TimeAmount.seconds(60)
    /// How long what a client still sends is read after an answer that ends the connection: a close with unread data
    /// resets the connection, and the answer could be lost.
    var linger = TimeAmount.milliseconds(500)
    /// How many bytes of a long answer are made at a time.
    var pieceBytes = 128 * 1024
    /// The time between two bookmarks of a watch.
    var bookmarks = TimeAmount.seconds(60)
    /// The time of a watch that names none.
    var watch: ClosedRange<Int64> = 1800...3600
    /// The most bytes of one WebSocket frame.
    var frameBytes = 1024 * 1024
}
