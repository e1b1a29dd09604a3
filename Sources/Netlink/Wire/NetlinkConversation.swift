internal import CLinux

/// Questions and requests to the kernel over one transport, and their answers by sequence number.
final class NetlinkConversation {
    private let transport: any NetlinkTransport
    private var sequence: UInt32 = 0
    /// The kernel's send buffer holds 208 KB by default; smaller datagrams also keep the RTNL lock for a shorter time.
    private static let largestDatagram = 32 * 1024
    /// So many refusals fit into the socket's receive buffer; one answer too many, and the kernel drops them all from
    /// there on, the acknowledgement among them.
    private static let largestBatch = 128
    private static let dumpAttempts = 10

    init(_ transport: any NetlinkTransport) {
        self.transport = transport
    }

    /// Carries out requests in order, many in one datagram.
    ///
    /// The kernel goes on after a request that it refuses, to the end of the datagram; the error names the first one
    /// refused by its place. Later datagrams are not sent.
    func perform(_ requests: [NetlinkRequest]) throws(NetlinkError) {
        var start = 0
        let largest = lab_fault_is_armed() == 0 ? Self.largestDatagram : 0
        while start < requests.count {
            var end = start
            var size = 0
            while end < requests.count, end - start < Self.largestBatch,
                end == start || size + requests[end].encodedSize <= largest
            {
                size += requests[end].encodedSize
                end += 1
            }
            try performDatagram(requests[start..<end], size: size)
            start = end
        }
    }

    private func performDatagram(_ requests: ArraySlice<NetlinkRequest>, size: Int) throws(NetlinkError) {
        var datagram: [UInt8] = []
        datagram.reserveCapacity(size)
        let first = sequence &+ 1
        for (offset, request) in requests.enumerated() {
            sequence &+= 1
            // Errors always come; an acknowledgement of the last request says that all have been carried out.
            let flags = offset == requests.count - 1 ? NetlinkConstants.acknowledge : 0
            request.encode(sequence: sequence, extraFlags: flags, into: &datagram)
        }
        for _ in requests { _ = lab_kernel_request() }
        try transport.send(datagram)

        var failure: NetlinkError?
        while true {
            for message in ReceivedMessage.split(try transport.receive()) {
                let place = Int(message.sequence &- first)
                guard message.type == NetlinkConstants.error, place < requests.count else { continue }
                guard let (errno, text) = Self.acknowledgement(message) else { throw NetlinkError(.malformed) }
                if errno != 0, failure == nil {
                    failure = NetlinkError(
                        .refused(errno: errno), index: requests.startIndex + place, kernelMessage: text)
                }
                if message.sequence == sequence {
                    if let failure { throw failure }
                    return
                }
            }
        }
    }

    /// Asks for single entries, many questions in one datagram. What does not exist (ENOENT, ENODEV) is left out.
    ///
    /// - Parameter count: the questions of one datagram; the answers to them have to fit into the socket's receive buffer.
    func query<Entry>(
        _ requests: [NetlinkRequest], atOnce count: Int = 256, _ parse: (ReceivedMessage) -> Entry?
    ) throws(NetlinkError) -> [Entry] {
        var entries: [Entry] = []
        var rest = requests[...]
        while !rest.isEmpty {
            entries += try queryDatagram(rest.prefix(count), parse)
            rest = rest.dropFirst(count)
        }
        return entries
    }

    private func queryDatagram<Entry>(
        _ requests: ArraySlice<NetlinkRequest>, _ parse: (ReceivedMessage) -> Entry?
    ) throws(NetlinkError) -> [Entry] {
        var datagram: [UInt8] = []
        let first = sequence &+ 1
        for (offset, request) in requests.enumerated() {
            sequence &+= 1
            let flags = offset == requests.count - 1 ? NetlinkConstants.acknowledge : 0
            request.encode(sequence: sequence, extraFlags: flags, into: &datagram)
        }
        try transport.send(datagram)
        var entries: [Entry] = []
        while true {
            for message in ReceivedMessage.split(try transport.receive()) {
                guard Int(message.sequence &- first) < requests.count else { continue }
                guard message.type == NetlinkConstants.error else {
                    if let entry = parse(message) { entries.append(entry) }
                    continue
                }
                guard let (errno, text) = Self.acknowledgement(message) else { throw NetlinkError(.malformed) }
                if errno != 0, errno != ENOENT, errno != ENODEV {
                    throw NetlinkError(.refused(errno: errno), kernelMessage: text)
                }
                if message.sequence == sequence { return entries }
            }
        }
    }

    /// The errno and the kernel's text in an NLMSG_ERROR message; errno 0 is an acknowledgement.
    private static func acknowledgement(_ message: ReceivedMessage) -> (errno: Int32, text: String?)? {
        guard let error = message.payload.load(nlmsgerr.self), error.error <= 0, error.error > .min else { return nil }
        var text: String?
        if message.flags & NetlinkConstants.acknowledgementHasAttributes != 0 {
            text =
                message.attributes(after: nlmsgerr.self).first { $0.type == NLMSGERR_ATTR_MSG.rawValue }?.value.string
        }
        return (-error.error, text)
    }

    /// Reads a whole table, again where the kernel says that it changed meanwhile (NLM_F_DUMP_INTR).
    ///
    /// It does not say so of every change: of a table that fills more than a datagram, entries may be missing or told
    /// twice while somebody else changes others. A table at rest is whole.
    func dump<Entry>(
        _ request: NetlinkRequest, _ parse: (ReceivedMessage) -> Entry?
    ) throws(NetlinkError) -> [Entry] {
        for _ in 0..<Self.dumpAttempts {
            if let entries = try attemptDump(request, parse) { return entries }
        }
        throw NetlinkError(.interrupted)
    }

    private func attemptDump<Entry>(
        _ request: NetlinkRequest, _ parse: (ReceivedMessage) -> Entry?
    ) throws(NetlinkError) -> [Entry]? {
        sequence &+= 1
        var datagram: [UInt8] = []
        request.encode(sequence: sequence, extraFlags: NetlinkConstants.dump, into: &datagram)
        try transport.send(datagram)
        var entries: [Entry] = []
        var interrupted = false
        while true {
            for message in ReceivedMessage.split(try transport.receive()) where message.sequence == sequence {
                interrupted = interrupted || message.flags & NetlinkConstants.dumpInterrupted != 0
                switch message.type {
                case NetlinkConstants.done:
                    // A dump that the kernel gives up ends like others, but with an errno (netlink(7)).
                    if let result = message.payload.load(Int32.self), (-4095...(-1)).contains(result) {
                        throw NetlinkError(.refused(errno: -result))
                    }
                    return interrupted ? nil : entries
                case NetlinkConstants.error:
                    guard let (errno, text) = Self.acknowledgement(message) else { throw NetlinkError(.malformed) }
                    throw NetlinkError(.refused(errno: errno), kernelMessage: text)
                default:
                    if let entry = parse(message) { entries.append(entry) }
                }
            }
        }
    }
}
