import Addressing
import Glibc
import Testing

@testable import PacketCapture

@Suite(.serialized, .enabled(if: getuid() == 0, "network namespaces need root"))
struct CaptureSessionTests {
    /// The echo requests and replies among packets, by point, with their bytes.
    private func echoes(_ packets: [CapturedPacket], at point: Int) -> [[UInt8]] {
        packets.filter { packet in
            guard packet.point == point, case .icmp(let header) = packet.frame.packet?.transport else { return false }
            switch header.body {
            case .echoRequest, .echoReply: return true
            default: return false
            }
        }.map(\.bytes)
    }

    @Test("both ends of a veth see the same IPv4 and IPv6 packets, and all of them")
    func bothEnds() async throws {
        try await NamespacePair.use("both") { pair in
            let captures = [
                try await NamespacePair.open("eth0", in: pair.left),
                try await NamespacePair.open("eth0", in: pair.right),
            ]
            let session = try CaptureSession(captures)
            #expect(session.points.map(\.name) == ["\(pair.left) eth0", "\(pair.right) eth0"])
            let mark = session.mark()
            try pair.ping("10.99.0.2", count: 500)
            try pair.ping("fd99::2", count: 500)
            let statistics = try await session.drain()
            let packets = session.packets(since: mark)
            let (left, right) = (echoes(packets, at: 0), echoes(packets, at: 1))
            #expect(left.count == 2000 && left == right)
            #expect(statistics.map(\.dropped) == [0, 0] && statistics.allSatisfy { $0.outstanding == 0 })
            let all = session.packets()
            #expect(statistics.map(\.read) == [0, 1].map { point in all.count { $0.point == point } })
            #expect(zip(packets, packets.dropFirst()).allSatisfy { $0.timestamp <= $1.timestamp })
            let now = UInt64(time(nil)) * 1_000_000_000
            #expect(packets.allSatisfy { $0.timestamp / 3_600_000_000_000 + 1 >= now / 3_600_000_000_000 })
            #expect(packets.contains { $0.frame.arp?.isReply == true })
            await session.close()
        }
    }

    @Test("a mark divides earlier packets from later ones, and what is forgotten is gone")
    func marks() async throws {
        try await NamespacePair.use("mark") { pair in
            let session = try CaptureSession([try await NamespacePair.open("eth0", in: pair.left)])
            try pair.ping("10.99.0.2", count: 2)
            try await session.drain()
            let mark = session.mark()
            try pair.ping("10.99.0.2", count: 3)
            try await session.drain()
            #expect(echoes(session.packets(), at: 0).count == 10)
            #expect(echoes(session.packets(since: mark), at: 0).count == 6)
            session.forget(before: mark)
            #expect(echoes(session.packets(), at: 0).count == 6 && session.mark() > mark)
            await session.close()
            #expect(echoes(session.packets(), at: 0).count == 6)
        }
    }

    @Test("on lo each packet is seen once and the drain ends")
    func loopback() async throws {
        try await NamespacePair.use("lo") { pair in
            let session = try CaptureSession([try await NamespacePair.open("lo", in: pair.left)])
            try pair.ping("127.0.0.1", count: 50)
            try pair.ping("::1", count: 50)
            try await session.drain()
            #expect(echoes(session.packets(), at: 0).count == 200)
            await session.close()
        }
    }

    @Test("a filter keeps the rest out, and the drain ends although packets were refused")
    func filter() async throws {
        try await NamespacePair.use("filter") { pair in
            let options = CaptureOptions(filter: "icmp6 and ip6[40] == 128")
            let session = try CaptureSession([try await NamespacePair.open("eth0", in: pair.left, options: options)])
            try pair.ping("10.99.0.2", count: 20)
            try pair.ping("fd99::2", count: 20)
            try await session.drain()
            #expect(session.packets().count == 20)
            await session.close()
        }
    }

    @Test("packets are cut to the snap length and say so")
    func snapLength() async throws {
        try await NamespacePair.use("snap") { pair in
            let options = CaptureOptions(snapLength: 60)
            let session = try CaptureSession([try await NamespacePair.open("eth0", in: pair.left, options: options)])
            try pair.ping("10.99.0.2", count: 1)
            try await session.drain()
            let packets = session.packets().filter { $0.frame.packet?.header.transportProtocol == .icmp }
            #expect(packets.count == 2)
            #expect(packets.allSatisfy { $0.bytes.count == 60 && $0.originalLength == 98 })
            #expect(packets.allSatisfy { $0.frame.completeness == .truncated })
            await session.close()
        }
    }

    @Test("a ring that is too small loses packets, reports them, and the drain still ends")
    func loss() async throws {
        try await NamespacePair.use("loss") { pair in
            // Nobody reads while the packets pass: the session is made only afterwards.
            let options = CaptureOptions(snapLength: 2000, bufferSize: 512 << 10)
            let capture = try await NamespacePair.open("eth0", in: pair.left, options: options)
            try pair.run(
                in: pair.left, "ping", "-q", "-n", "-f", "-c", "1000", "-s", "1400", "10.99.0.2")
            let session = try CaptureSession([capture])
            let statistics = try #require(try await session.drain().first)
            #expect(statistics.dropped > 0 && statistics.read > 0 && statistics.outstanding == 0)
            #expect(statistics.received == statistics.read + statistics.dropped && statistics.received >= 2000)
            #expect(session.packets().count == statistics.read)
            await session.close()
        }
    }

    @Test("a drain that runs out of time names the point and how many packets are unread")
    func outOfTime() async throws {
        try await NamespacePair.use("late") { pair in
            // The kernel keeps its block for so long that the drain cannot wait for it.
            let options = CaptureOptions(blockTimeout: 60_000)
            let session = try CaptureSession([try await NamespacePair.open("eth0", in: pair.left, options: options)])
            try pair.ping("10.99.0.2", count: 4)
            await #expect {
                try await session.drain(within: .milliseconds(1))
            } throws: { error in
                guard case .notDrained(let points)? = error as? CaptureError, points.count == 1 else { return false }
                return points[0].point.name == "\(pair.left) eth0" && points[0].outstanding >= 8
            }
            await session.close()
        }
    }

    @Test("a point taken in later is captured beside the others")
    func added() async throws {
        try await NamespacePair.use("add") { pair in
            let session = try CaptureSession([try await NamespacePair.open("eth0", in: pair.left)])
            try session.add([try await NamespacePair.open("eth0", in: pair.right)])
            try pair.ping("10.99.0.2", count: 5)
            try await session.drain()
            #expect(echoes(session.packets(), at: 1).count == 10 && session.points.count == 2)
            #expect(echoes(session.packets(), at: 0) == echoes(session.packets(), at: 1))
            await session.close()
        }
    }

    @Test(
        "a point that is retired keeps its packets and its number, is waited for no longer, and lets its namespace go")
    func retired() async throws {
        try await NamespacePair.use("retire") { pair in
            let session = try CaptureSession([
                try await NamespacePair.open("eth0", in: pair.left),
                try await NamespacePair.open("eth0", in: pair.right),
            ])
            try pair.ping("10.99.0.2", count: 5)
            try await session.drain()
            await session.retire([0])
            try pair.ping("10.99.0.2", count: 5)
            try await session.drain()
            #expect(echoes(session.packets(), at: 0).count == 10)
            #expect(echoes(session.packets(), at: 1).count == 20)
            await session.retire([0])
            await session.close()
            await session.retire([1])
        }
    }

    @Test("an interface that went down and came up again is captured on")
    func downAndUp() async throws {
        try await NamespacePair.use("down") { pair in
            let session = try CaptureSession([try await NamespacePair.open("eth0", in: pair.left)])
            try pair.ping("10.99.0.2", count: 5)
            try pair.run(in: pair.left, "ip", "link", "set", "eth0", "down")
            try await session.drain()
            try pair.run(in: pair.left, "ip", "link", "set", "eth0", "up")
            try pair.ping("10.99.0.2", count: 5)
            let statistics = try #require(try await session.drain().first)
            #expect(echoes(session.packets(), at: 0).count == 20 && statistics.failure == nil)
            await session.close()
        }
    }

    @Test("an interface that is gone loses nothing that was captured, and is reported")
    func gone() async throws {
        try await NamespacePair.use("gone") { pair in
            let session = try CaptureSession([try await NamespacePair.open("eth0", in: pair.left)])
            try pair.ping("10.99.0.2", count: 50)
            try pair.run(in: pair.left, "ip", "link", "delete", "eth0")
            let statistics = try #require(try await session.drain().first)
            #expect(echoes(session.packets(), at: 0).count == 100 && statistics.dropped == 0)
            #expect(try await failure(of: session) != nil)
            await session.close()
        }
    }

    /// Why the first point ended, once the reading thread has come to know.
    private func failure(of session: CaptureSession) async throws -> String? {
        let deadline = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < deadline {
            if let failure = try await session.statistics().first?.failure { return failure }
            await Task.yield()
        }
        return nil
    }

    @Test("what cannot be opened says why")
    func refusals() async throws {
        try await NamespacePair.use("refuse") { pair in
            await #expect(throws: CaptureError.self) { try await NamespacePair.open("eth7", in: pair.left) }
            let options = CaptureOptions(filter: "not a filter")
            await #expect {
                try await NamespacePair.open("eth0", in: pair.left, options: options)
            } throws: {
                if case .filter(expression: "not a filter", interface: "eth0", _)? = $0 as? CaptureError {
                    true
                } else {
                    false
                }
            }
            await #expect(throws: CaptureError.unsupportedLinkType(interface: "any", name: "LINUX_SLL")) {
                try await NamespacePair.open("any", in: pair.left)
            }
            let capture = try await NamespacePair.open("eth0", in: pair.left)
            let session = try CaptureSession([capture])
            #expect(throws: CaptureError.handleInUse(point: "\(pair.left) eth0")) { try CaptureSession([capture]) }
            await session.close()
            await session.close()
            await #expect(throws: CaptureError.closed) { try await session.drain() }
            #expect(throws: CaptureError.closed) { try session.add([]) }
        }
    }

    @Test("no descriptor and no thread is left behind, whether a session is closed, dropped or never made")
    func leaks() async throws {
        try await NamespacePair.use("leak") { pair in
            let before = Resources.now
            do {
                let closed = try CaptureSession([
                    try await NamespacePair.open("eth0", in: pair.left),
                    try await NamespacePair.open("eth0", in: pair.right),
                ])
                let dropped = try CaptureSession([try await NamespacePair.open("eth0", in: pair.left)])
                _ = try await NamespacePair.open("lo", in: pair.left)
                #expect(Resources.now.threads >= before.threads + 2 && Resources.now.descriptors > before.descriptors)
                try await dropped.drain()
                await closed.close()
            }
            let deadline = ContinuousClock.now + .seconds(10)
            while Resources.now != before, ContinuousClock.now < deadline { await Task.yield() }
            #expect(Resources.now == before)
        }
    }
}

/// What a capture holds of the process: packet sockets and eventfds, and threads by their name.
private struct Resources: Equatable {
    var descriptors = 0
    var threads = 0

    static var now: Resources {
        var resources = Resources()
        for name in entries("/proc/self/fd") {
            var target = [UInt8](repeating: 0, count: 64)
            let count = target.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { readlink("/proc/self/fd/\(name)", $0, buffer.count) } ?? -1
            }
            let text = String(decoding: target.prefix(max(0, count)), as: UTF8.self)
            if text.hasPrefix("socket:") || text.contains("eventfd") { resources.descriptors += 1 }
        }
        for name in entries("/proc/self/task") {
            guard let file = fopen("/proc/self/task/\(name)/comm", "re") else { continue }
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 32)
            guard fgets(&line, 32, file) != nil else { continue }
            if strcmp(line, "lab-capture\n") == 0 { resources.threads += 1 }
        }
        return resources
    }

    private static func entries(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.filter { !$0.hasPrefix(".") }
    }
}
