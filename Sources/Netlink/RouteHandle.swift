/// Reads and changes one namespace's links, addresses, routes and neighbours (rtnetlink(7)).
///
/// A handle is bound to the namespace in which its transport was opened.
public final class RouteHandle {
    private let conversation: NetlinkConversation

    /// Makes a handle over a transport.
    public init(_ transport: any NetlinkTransport) {
        conversation = NetlinkConversation(transport)
    }

    /// Opens a handle in the calling thread's network namespace.
    public convenience init() throws(NetlinkError) {
        self.init(try NetlinkSocket.route())
    }

    /// Carries out requests in order, many in one datagram.
    ///
    /// The kernel goes on after a request that it refuses, to the end of the datagram; the error names the first one
    /// refused by its place. Later datagrams are not sent.
    public func perform(_ requests: [NetlinkRequest]) throws(NetlinkError) {
        try conversation.perform(requests)
    }

    /// Carries out one request.
    public func perform(_ request: NetlinkRequest) throws(NetlinkError) {
        try conversation.perform([request])
    }

    /// Asks for single entries, many questions in one datagram. What does not exist (ENOENT, ENODEV) is left out.
    ///
    /// - Parameter count: the questions of one datagram; the answers to them have to fit into the socket's receive buffer.
    func query<Entry>(
        _ requests: [NetlinkRequest], atOnce count: Int = 256, _ parse: (ReceivedMessage) -> Entry?
    ) throws(NetlinkError) -> [Entry] {
        try conversation.query(requests, atOnce: count, parse)
    }

    /// Reads a whole table, again where the kernel says that it changed meanwhile (NLM_F_DUMP_INTR).
    func dump<Entry>(
        _ request: NetlinkRequest, _ parse: (ReceivedMessage) -> Entry?
    ) throws(NetlinkError) -> [Entry] {
        try conversation.dump(request, parse)
    }
}
