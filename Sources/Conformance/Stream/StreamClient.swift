import Addressing
import Glibc
import NetworkNamespaces

/// The sender's side of a long flow: one connection for all messages, or a flow of its own for each.
struct StreamClient {
    /// A socket under way.
    private struct Conversation {
        let descriptor: Int32
        var isConnecting: Bool
        /// Messages that could not be sent yet.
        var unsent: [UInt8] = []
        var received: [UInt8] = []
        let number: Int
        let since: ContinuousClock.Instant
    }

    private let plan: StreamPlan
    private let isStream: Bool
    private var conversations: [Conversation] = []
    private var isClockStopped = false
    private var lastAnswer: ContinuousClock.Instant
    private var answeredNumbers: Set<Int> = []
    private(set) var record = StreamRecord()

    /// A fresh flow that was not answered for so long is given up.
    private static let patience: Duration = .seconds(2)

    init(_ plan: StreamPlan) {
        self.plan = plan
        isStream = plan.step.kind.transport == .tcp
        lastAnswer = .now
    }

    var isFinished: Bool { record.broken != nil || record.failure != nil }
    /// Whether every message that was sent has come back.
    var isComplete: Bool { record.answered == record.sent }

    var descriptors: [pollfd] {
        conversations.map { conversation in
            let isWriting = conversation.isConnecting || !conversation.unsent.isEmpty
            let events = Int16(POLLIN) | (isWriting ? Int16(POLLOUT) : 0)
            return pollfd(fd: conversation.descriptor, events: events, revents: 0)
        }
    }

    /// Sends the next message, in the calling thread's namespace.
    mutating func sendNext() {
        let number = record.sent
        record.sent += 1
        let message = StreamMessage.bytes(plan.token, number)
        if plan.step.isFresh || conversations.isEmpty {
            guard record.broken == nil else { return }
            guard let new = open(number) else { return }
            conversations.append(new)
        }
        conversations[conversations.count - 1].unsent += message
        write(conversations.count - 1)
        dropOverdue()
    }

    private mutating func open(_ number: Int) -> Conversation? {
        do {
            let descriptor = try Socket.open(isStream ? .tcp : .udp, plan.dialled.address.family)
            let address = SocketAddress(plan.dialled.address, plan.dialled.port)
            let status = address.withPointer { connect(descriptor, $0, $1) }
            if status != 0, errno != EINPROGRESS { return fail(descriptor, errno) }
            return Conversation(
                descriptor: descriptor, isConnecting: status != 0, number: number, since: .now)
        } catch {
            record.failure = "\(error)"
            return nil
        }
    }

    private mutating func fail(_ descriptor: Int32, _ code: Int32) -> Conversation? {
        close(descriptor)
        if !plan.step.isFresh { record.broken = String(cString: strerror(code)) }
        return nil
    }

    private mutating func write(_ place: Int) {
        guard !conversations[place].isConnecting, !conversations[place].unsent.isEmpty else { return }
        let bytes = conversations[place].unsent
        let count = send(conversations[place].descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        if count > 0 {
            conversations[place].unsent.removeFirst(count)
        } else if count < 0, errno != EAGAIN, errno != EINTR {
            // What a datagram meets says nothing of the next one.
            if isStream { end(place, errno) } else { conversations[place].unsent = [] }
        }
    }

    /// Ends a conversation with an errno; 0 where the other side has ended it.
    private mutating func end(_ place: Int, _ code: Int32) {
        close(conversations[place].descriptor)
        conversations.remove(at: place)
        guard !plan.step.isFresh, record.broken == nil else { return }
        record.broken = code == 0 ? "the receiver ended the connection" : String(cString: strerror(code))
    }

    /// Goes on at the sockets that have something.
    mutating func proceed(_ ready: ArraySlice<pollfd>) {
        for event in ready where event.revents != 0 {
            guard let place = conversations.firstIndex(where: { $0.descriptor == event.fd }) else { continue }
            if conversations[place].isConnecting {
                var code: Int32 = 0
                var length = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(event.fd, SOL_SOCKET, SO_ERROR, &code, &length)
                guard code == 0 else {
                    end(place, code)
                    continue
                }
                conversations[place].isConnecting = false
            }
            write(place)
            if let still = conversations.firstIndex(where: { $0.descriptor == event.fd }) { read(still) }
        }
    }

    private mutating func read(_ place: Int) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(conversations[place].descriptor, &buffer, buffer.count, 0)
            if count < 0 {
                let isOver = isStream && errno != EAGAIN && errno != EINTR
                if isOver { end(place, errno) }
                return
            }
            guard count > 0 else {
                if isStream { end(place, 0) }
                return
            }
            conversations[place].received += buffer[..<count]
            while let number = StreamMessage.number(in: conversations[place].received, plan.token) {
                conversations[place].received.removeFirst(StreamMessage.length)
                noteAnswer(number)
            }
            if plan.step.isFresh, answeredNumbers.contains(conversations[place].number) {
                close(conversations[place].descriptor)
                conversations.remove(at: place)
                return
            }
        }
    }

    private mutating func noteAnswer(_ number: Int) {
        guard answeredNumbers.insert(number).inserted else { return }
        record.answered += 1
        noteGap()
        lastAnswer = .now
    }

    /// Counts the time since the last answer, and no more after it: nothing new is sent.
    mutating func stopClock() {
        noteGap()
        isClockStopped = true
    }

    private mutating func noteGap() {
        guard !isClockStopped else { return }
        record.longestGap = max(record.longestGap, .now - lastAnswer)
    }

    private mutating func dropOverdue() {
        guard plan.step.isFresh else { return }
        let now = ContinuousClock.now
        for conversation in conversations where now - conversation.since > Self.patience {
            close(conversation.descriptor)
        }
        conversations.removeAll { now - $0.since > Self.patience }
    }

    func closeAll() {
        for conversation in conversations { close(conversation.descriptor) }
    }
}
