public import Addressing
internal import CLinux

/// Reads and deletes the connections that one namespace tracks (ctnetlink, linux/netfilter/nfnetlink_conntrack.h).
///
/// A handle is bound to the namespace in which its transport was opened; afterwards any thread may use it, one at a time.
public final class ConntrackHandle {
    private let conversation: NetlinkConversation

    /// Makes a handle over a transport.
    public init(_ transport: any NetlinkTransport) {
        conversation = NetlinkConversation(transport)
    }

    /// Opens a handle in the calling thread's network namespace.
    ///
    /// - Throws: `NetlinkError`
    public convenience init() throws(NetlinkError) {
        self.init(try NetlinkSocket.netfilter())
    }

    /// The connections of a family, of one IP protocol or of all that have ports. `conntrack -L -f FAMILY -p PROTOCOL`
    ///
    /// The kernel keeps one table for all namespaces, and walks through all of it. A connection that begins or ends
    /// meanwhile may be missing; one can be told twice while the kernel resizes its table, and is given once.
    ///
    /// - Throws: `NetlinkError`
    public func entries(family: AddressFamily, transport: UInt8? = nil) throws(NetlinkError) -> [ConntrackEntry] {
        let entries = try conversation.dump(.connections(family)) { message in ConntrackEntry(message, of: transport) }
        var seen: Set<ConntrackEntry> = []
        return entries.filter { seen.insert($0).inserted }
    }

    /// Deletes a connection: its next packet begins a new one. One that was read is not mistaken for a later one with the
    /// same addresses and ports, unless the kernel keeps that one in the same place. `conntrack -D …`
    ///
    /// - Returns: Whether it was still there.
    /// - Throws: `NetlinkError`
    public func delete(_ entry: ConntrackEntry) throws(NetlinkError) -> Bool {
        do throws(NetlinkError) {
            try conversation.perform([.delete(entry)])
            return true
        } catch  where error.code == .refused(errno: ENOENT) {
            return false
        }
    }

    /// Deletes many connections, hundreds in one system call; those that are gone already are no error.
    ///
    /// - Throws: `NetlinkError`; some may have been deleted then.
    public func delete(_ entries: [ConntrackEntry]) throws(NetlinkError) {
        // Questions, too, pass over what is not there.
        _ = try conversation.query(entries.map { .delete($0) }) { _ -> ConntrackEntry? in nil }
    }

    /// Deletes all connections of a family. `conntrack -F -f FAMILY`
    ///
    /// - Throws: `NetlinkError`
    public func flush(family: AddressFamily) throws(NetlinkError) {
        try conversation.perform([.deleteConnections(family)])
    }
}
