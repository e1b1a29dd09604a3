public import Addressing
import NIOCore
import Synchronization

/// A socket that the built-in server answers on.
public final class ServedListener: Sendable {
    /// Who answers.
    public let identity: WorkloadIdentity
    /// The address that the socket is bound to; the unspecified one for all of them.
    public let address: IPAddress
    /// The port that the socket is bound to.
    public let port: UInt16

    private let channel: any Channel
    private let connections: ListenerConnections
    private let isClosing = Atomic<Bool>(false)
    private let onClose: @Sendable (ServedListener) -> Void

    init(
        identity: WorkloadIdentity, bound: (address: IPAddress, port: UInt16), channel: any Channel,
        connections: ListenerConnections, onClose: @escaping @Sendable (ServedListener) -> Void
    ) {
        self.identity = identity
        self.address = bound.address
        self.port = bound.port
        self.channel = channel
        self.connections = connections
        self.onClose = onClose
    }

    /// Closes the socket, its connections and the dials made for them, and returns when none of their descriptors is left.
    ///
    /// Closing twice is no error.
    public func close() async {
        isClosing.store(true, ordering: .relaxed)
        channel.close(promise: nil)
        _ = await channel.closeFuture.result()
        await connections.close()
        onClose(self)
    }

    /// Whether someone asked for the socket to be closed.
    var isExpectedToClose: Bool { isClosing.load(ordering: .relaxed) }

    /// Calls back when the socket is closed, whoever closed it.
    func whenClosed(_ body: @escaping @Sendable () -> Void) {
        channel.closeFuture.whenComplete { _ in body() }
    }
}
