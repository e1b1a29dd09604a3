import Addressing
import Testing

@testable import Netlink

@Suite("Conversations with the kernel")
struct RouteHandleTests {
    private typealias Answer = RecordedTransport.Answer

    private func requests(_ count: Int) -> [NetlinkRequest] {
        (0..<count).map { .deleteLink("link\($0)") }
    }

    private func failure(_ body: () throws -> Void) -> NetlinkError? {
        do {
            try body()
            return nil
        } catch {
            return error as? NetlinkError
        }
    }

    @Test("requests are sent together, in order, and only the last asks for an acknowledgement")
    func acknowledgement() throws {
        let transport = RecordedTransport([{ [[.error(0, $0 - 1)]] }])
        try RouteHandle(transport).perform(requests(5))
        #expect(transport.sent.count == 1)
        let sent = RecordedTransport.requests(transport.sent[0])
        #expect(sent.map(\.flags) == [1, 1, 1, 1, 5])
        #expect(sent.map(\.sequence) == (0..<5).map { sent[0].sequence + $0 })
        #expect(sent.map { Array($0.payload) } == requests(5).map(\.body))
    }

    @Test("nothing to do sends nothing")
    func nothing() throws {
        let transport = RecordedTransport([])
        try RouteHandle(transport).perform([])
        #expect(transport.sent.isEmpty)
    }

    @Test("a refusal in the middle is reported with its place and the kernel's words, after all answers are in")
    func refusalInTheMiddle() {
        let transport = RecordedTransport([
            { count in [[.error(17, 2, text: "that exists already")], [.error(19, 3), .error(0, count - 1)]] },
            { count in [[.error(0, count - 1)]] },
        ])
        let handle = RouteHandle(transport)
        let error = failure { try handle.perform(requests(6)) }
        #expect(error == NetlinkError(.refused(errno: 17), index: 2, kernelMessage: "that exists already"))
        #expect(error?.description == "File exists: that exists already")
        // Nothing of the first conversation is left over for the second.
        #expect(failure { try handle.perform(requests(1)) } == nil)
    }

    @Test("a refusal of the last request ends the conversation")
    func refusalAtTheEnd() {
        let transport = RecordedTransport([{ [[.error(101, $0 - 1)]] }])
        let error = failure { try RouteHandle(transport).perform(requests(3)) }
        #expect(error == NetlinkError(.refused(errno: 101), index: 2))
    }

    @Test("the kernel's own refusal, as recorded, is understood")
    func recordedRefusal() throws {
        let recorded = try #require(ReceivedMessage.split(try Recording.answer("exists")[0][...]).first)
        let transport = RecordedTransport([
            { _ in [[Answer(type: recorded.type, flags: recorded.flags, payload: Array(recorded.payload))]] }
        ])
        #expect(
            failure { try RouteHandle(transport).perform(requests(1)) } == NetlinkError(.refused(errno: 17), index: 0))
    }

    @Test(
        "datagrams hold at most 32 KiB and 128 requests, and a refusal's place counts over all of them",
        arguments: [8, 100, 3000])
    func batches(nameLength: Int) throws {
        let padding = String(repeating: "x", count: nameLength)
        let all = (0..<1000).map { NetlinkRequest.addAlternativeName("\($0)" + padding, to: "eth0") }
        let acknowledge: (Int) -> [[Answer]] = { [[.error(0, $0 - 1)]] }
        let transport = RecordedTransport(Array(repeating: acknowledge, count: 1000))
        try RouteHandle(transport).perform(all)
        #expect(transport.sent.allSatisfy { $0.count <= 32 * 1024 })
        let isFull = { (datagram: [UInt8]) in
            RecordedTransport.requests(datagram).count == 128
                || datagram.count + 20 + 16 + 16 + nameLength > 32 * 1024 - 16
        }
        #expect(transport.sent.dropLast().allSatisfy(isFull))
        let messages = transport.sent.flatMap(RecordedTransport.requests)
        #expect(messages.map { Array($0.payload) } == all.map(\.body))
        #expect(zip(messages, messages.dropFirst()).allSatisfy { $1.sequence == $0.sequence + 1 })
        let sizes = transport.sent.map { RecordedTransport.requests($0).count }
        #expect(messages.filter { $0.flags & 4 != 0 }.count == sizes.count && sizes.allSatisfy { $0 <= 128 })

        let refusing = RecordedTransport([acknowledge, { [[.error(17, 4), .error(0, $0 - 1)]] }])
        let error = failure { try RouteHandle(refusing).perform(all) }
        #expect(error?.index == sizes[0] + 4)
        #expect(refusing.sent.count == 2)
    }

    @Test("answers to others are passed over")
    func foreignSequences() throws {
        let foreign = [-1, -2, 40, Int(Int32.max)].map { Answer.error(1, $0) }
        let transport = RecordedTransport([
            { [foreign, [Answer(type: 16, sequenceOffset: 0, payload: [1, 2, 3])], [.error(0, $0 - 1)]] },
            { _ in
                [
                    [Answer(type: 16, flags: 2, sequenceOffset: -1, payload: Bytes.link(3, "stale"))], [.error(5, -1)],
                    [Answer(type: 16, flags: 2, payload: Bytes.link(4, "own"))], [.done()],
                ]
            },
        ])
        let handle = RouteHandle(transport)
        try handle.perform(requests(2))
        #expect(try handle.links().map(\.name) == ["own"])
    }

    @Test("a dump that was interrupted is repeated, and its half tables are forgotten")
    func interruptedDump() throws {
        let interrupted: (Int) -> [[Answer]] = { _ in
            [[Answer(type: 16, flags: 2, payload: Bytes.link(1, "half"))], [.done(flags: 2 | 0x10)]]
        }
        let early: (Int) -> [[Answer]] = { _ in
            [[Answer(type: 16, flags: 2 | 0x10, payload: Bytes.link(1, "half"))], [.done()]]
        }
        let whole: (Int) -> [[Answer]] = { _ in
            [
                [
                    Answer(type: 16, flags: 2, payload: Bytes.link(1, "lo")),
                    Answer(type: 16, flags: 2, payload: Bytes.link(2, "a")),
                ],
                [.done()],
            ]
        }
        let transport = RecordedTransport([interrupted, early, whole])
        #expect(try RouteHandle(transport).links().map(\.name) == ["lo", "a"])
        #expect(transport.sent.count == 3)
        // NLM_F_REQUEST, NLM_F_ROOT and NLM_F_MATCH.
        #expect(transport.sent.map { RecordedTransport.requests($0).map(\.flags) } == [[0x301], [0x301], [0x301]])

        let hopeless = RecordedTransport(Array(repeating: interrupted, count: 20))
        #expect(failure { _ = try RouteHandle(hopeless).links() } == NetlinkError(.interrupted))
        #expect(hopeless.sent.count == 10)
    }

    @Test("a dump that the kernel refuses or gives up is an error, not a shorter table")
    func failedDump() {
        let refused = RecordedTransport([{ _ in [[.error(95, 0, text: "not here")]] }])
        #expect(
            failure { _ = try RouteHandle(refused).routes() }
                == NetlinkError(.refused(errno: 95), kernelMessage: "not here"))
        // netlink(7): the payload of NLMSG_DONE is the dump's result.
        let givenUp = RecordedTransport([
            { _ in [[Answer(type: 16, flags: 2, payload: Bytes.link(1, "lo")), .done(-22)]] }
        ])
        #expect(failure { _ = try RouteHandle(givenUp).links() } == NetlinkError(.refused(errno: 22)))
    }

    @Test("an answer that is cut off or no message is an error or passed over, and the reader goes on")
    func malformed() {
        let short = RecordedTransport([{ _ in [[Answer(type: 2, payload: [1, 2])]] }])
        #expect(failure { try RouteHandle(short).perform(requests(1)) } == NetlinkError(.malformed))
        let dump = RecordedTransport([{ _ in [[Answer(type: 2, payload: [])]] }])
        #expect(failure { _ = try RouteHandle(dump).links() } == NetlinkError(.malformed))
        let extreme = RecordedTransport([
            { _ in [[Answer(type: 2, payload: Bytes.of(Int32.min) + [UInt8](repeating: 0, count: 16))]] }
        ])
        #expect(failure { try RouteHandle(extreme).perform(requests(1)) } == NetlinkError(.malformed))
    }

    @Test("errors speak in sentences")
    func descriptions() {
        #expect(NetlinkError(.refused(errno: 19)).description == "No such device")
        #expect(NetlinkError(.socket(errno: 1)).description == "netlink socket: Operation not permitted")
        #expect(
            NetlinkError(.interrupted).description == "the kernel's tables changed during every attempt to read them")
        #expect(NetlinkError(.malformed).description == "the kernel's answer is no valid netlink message")
        #expect(NetlinkError(.interrupted).errno == nil && NetlinkError(.socket(errno: 1)).errno == 1)
    }
}

extension Bytes {
    /// An ifinfomsg with a name.
    static func link(_ index: Int32, _ name: String) -> [UInt8] {
        let value = Array(name.utf8) + [0]
        let header: [UInt8] = [0, 0, 0, 0] + of(index) + [UInt8](repeating: 0, count: 8)
        let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        return header + of(UInt16(4 + value.count)) + of(UInt16(3)) + value + padding
    }
}
