internal import CLinux
internal import Synchronization

/// Questions for others that workers leave to the thread that asks them.
final class ForwardInbox: Sendable {
    struct Item: Sendable {
        let question: ForwardedQuestion
        /// The socket that the query came through.
        let socket: Int32
        let ends: lab_datagram_ends
    }

    private let items = Mutex<[Item]>([])
    private let poller: Poller
    private let capacity: Int

    /// - Parameter capacity: how many questions may wait here; more are dropped, as where a socket's buffer is full.
    init(_ poller: Poller, capacity: Int = 4096) {
        self.poller = poller
        self.capacity = capacity
    }

    func add(_ new: [Item]) {
        let isFirst = items.withLock { items in
            let isFirst = items.isEmpty
            items += new.prefix(capacity - items.count)
            return isFirst
        }
        if isFirst { poller.wake() }
    }

    func take() -> [Item] {
        items.withLock { items in
            defer { items = [] }
            return items
        }
    }
}
