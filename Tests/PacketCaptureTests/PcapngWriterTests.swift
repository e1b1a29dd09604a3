import CLinux
import Glibc
import TestSupport
import Testing

@testable import PacketCapture

@Suite struct PcapngWriterTests {
    private let points = [
        CapturePoint(name: "pod/default/pod-a eth0", interface: "eth0", snapLength: 256),
        CapturePoint(name: "underlay", interface: "br0", description: "the wire", snapLength: 256),
        CapturePoint(name: "pod/default/pod-b eth0", interface: "eth0", snapLength: 256),
    ]

    private func withTemporaryFile<Result>(_ body: (String) throws -> Result) throws -> Result {
        var template = Array("/tmp/lab-pcapng-XXXXXX".utf8CString)
        let fileDescriptor = mkstemp(&template)
        try #require(fileDescriptor >= 0)
        close(fileDescriptor)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        return try body(path)
    }

    private func samplePackets() -> [CommentedPacket] {
        Sample.all.enumerated().map { index, sample in
            let packet = CapturedPacket(
                timestamp: 1_700_000_000_123_456_789 + UInt64(Sample.all.count - index) * 1000, point: index % 3,
                originalLength: sample.bytes.count, bytes: sample.bytes)
            return CommentedPacket(packet, comments: [sample.name])
        }
    }

    @Test("a file is, byte for byte, what the specification draws")
    func recordedBytes() throws {
        let point = CapturePoint(name: "ab", interface: "eth0", description: "c", snapLength: 96)
        let writer = PcapngWriter(
            section: PcapngSection(hardware: "x", operatingSystem: "Linux", application: "lab", comment: "hello"),
            points: [point])
        let packet = CapturedPacket(
            timestamp: 0x1_0203_0405_0607, point: 0, originalLength: 60, bytes: [1, 2, 3, 4, 5])
        let expected: [UInt8] =
            [0x0a, 0x0d, 0x0d, 0x0a, 72, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0]
            + [255, 255, 255, 255, 255, 255, 255, 255]
            + [1, 0, 5, 0, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0, 0, 0]
            + [2, 0, 1, 0, 0x78, 0, 0, 0]
            + [3, 0, 5, 0, 0x4c, 0x69, 0x6e, 0x75, 0x78, 0, 0, 0]
            + [4, 0, 3, 0, 0x6c, 0x61, 0x62, 0, 0, 0, 0, 0, 72, 0, 0, 0]
            + [1, 0, 0, 0, 48, 0, 0, 0, 1, 0, 0, 0, 96, 0, 0, 0]
            + [2, 0, 2, 0, 0x61, 0x62, 0, 0, 3, 0, 1, 0, 0x63, 0, 0, 0, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0]
            + [48, 0, 0, 0]
            + [6, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0x03, 0x02, 0x01, 0, 0x07, 0x06, 0x05, 0x04]
            + [5, 0, 0, 0, 60, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0]
            + [1, 0, 2, 0, 0x6f, 0x6b, 0, 0, 1, 0, 4, 0, 0x66, 0x6f, 0x75, 0x72, 0, 0, 0, 0, 60, 0, 0, 0]
        #expect(try writer.encode([CommentedPacket(packet, comments: ["ok", "four"])]) == expected)
    }

    @Test("what is written is what is read, whatever the sizes, and in the order of time")
    func roundTrip() throws {
        let seed: UInt64 = 0x5eed_0002
        var random = SeededGenerator(seed: seed)
        for round in 0..<200 {
            let packets = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                let bytes = (0..<Int.random(in: 0...70, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                let packet = CapturedPacket(
                    timestamp: UInt64.random(in: 0...UInt64.max, using: &random),
                    point: Int.random(in: 0..<3, using: &random),
                    originalLength: bytes.count + Int.random(in: 0...9, using: &random), bytes: bytes)
                let comments = (0..<Int.random(in: 0...2, using: &random)).map { _ in
                    String(repeating: "ü", count: Int.random(in: 1...9, using: &random))
                }
                return CommentedPacket(packet, comments: comments)
            }
            let blocks = try PcapngReader.blocks(try PcapngWriter(points: points).encode(packets))
            #expect(blocks.prefix(4).map(\.type) == [0x0a0d_0d0a, 1, 1, 1], "seed \(seed) round \(round)")
            let sorted = packets.sorted { $0.packet.timestamp < $1.packet.timestamp }
            #expect(try blocks.dropFirst(4).map(commented) == sorted, "seed \(seed) round \(round)")
        }
    }

    private func commented(_ block: PcapngReader.Block) throws -> CommentedPacket {
        let words = (0..<5).map { PcapngReader.number(block.body[$0 * 4..<$0 * 4 + 4]) }
        let packet = CapturedPacket(
            timestamp: UInt64(words[1]) << 32 | UInt64(words[2]), point: Int(words[0]), originalLength: Int(words[4]),
            bytes: Array(block.body[20..<20 + Int(words[3])]))
        return CommentedPacket(packet, comments: block.options.filter { $0.code == 1 }.map(\.text))
    }

    @Test("libpcap reads the file back, with nanoseconds")
    func libpcap() throws {
        try withTemporaryFile { path in
            let packets = samplePackets()
            try PcapngWriter(points: points).write(packets, to: path)
            var buffer = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
            let file = pcap_open_offline_with_tstamp_precision(path, UInt32(PCAP_TSTAMP_PRECISION_NANO), &buffer)
            let pcap = try #require(file, "\(String(decoding: buffer.map { UInt8(bitPattern: $0) }, as: UTF8.self))")
            defer { pcap_close(pcap) }
            var read: [[UInt8]] = []
            var timestamps: [UInt64] = []
            var header: UnsafeMutablePointer<pcap_pkthdr>?
            var data: UnsafePointer<UInt8>?
            while pcap_next_ex(pcap, &header, &data) == 1, let packet = header?.pointee, let data {
                read.append(Array(UnsafeBufferPointer(start: data, count: Int(packet.caplen))))
                timestamps.append(UInt64(packet.ts.tv_sec) * 1_000_000_000 + UInt64(packet.ts.tv_usec))
            }
            let sorted = packets.map(\.packet).sorted { $0.timestamp < $1.timestamp }
            #expect(read == sorted.map(\.bytes) && timestamps == sorted.map(\.timestamp))
        }
    }

    @Test("tshark sees an interface per capture point and the comments", .enabled(if: Command.isInstalled("tshark")))
    func tshark() throws {
        try withTemporaryFile { path in
            let packets = samplePackets()
            try PcapngWriter(section: PcapngSection(comment: "case x"), points: points).write(packets, to: path)
            let output = try Command.run(
                "tshark", "-r", path, "-T", "fields", "-e", "frame.interface_id", "-e", "frame.interface_name", "-e",
                "frame.comment", "-e", "frame.time_epoch")
            let lines = output.split(separator: "\n").map(String.init).filter { $0.contains("\t") }
            let expected = packets.sorted { $0.packet.timestamp < $1.packet.timestamp }.map { commented in
                let packet = commented.packet
                let (seconds, nanoseconds) = packet.timestamp.quotientAndRemainder(dividingBy: 1_000_000_000)
                return
                    "\(packet.point)\t\(points[packet.point].name)\t\(commented.comments[0])\t\(seconds).\(nanoseconds)"
            }
            #expect(lines == expected)
        }
    }

    @Test("a comment of 65,535 bytes is written and a longer one refused")
    func longComment() throws {
        let packet = CapturedPacket(timestamp: 0, point: 0, originalLength: 0, bytes: [])
        let longest = String(repeating: "x", count: 65535)
        let blocks = try PcapngReader.blocks(
            try PcapngWriter(points: points).encode([CommentedPacket(packet, comments: [longest])]))
        #expect(blocks.last?.options.first?.text == longest)
        #expect(throws: PcapngError.textTooLong(option: "packet's comment", bytes: 65536)) {
            try PcapngWriter(points: points).encode([CommentedPacket(packet, comments: [longest + "x"])])
        }
    }

    @Test("a packet of a point that the file does not have is refused")
    func unknownPoint() {
        let packet = CapturedPacket(timestamp: 0, point: 3, originalLength: 0, bytes: [])
        #expect(throws: PcapngError.unknownPoint(index: 3, points: 3)) {
            try PcapngWriter(points: points).encode([CommentedPacket(packet)])
        }
    }

    @Test("a file that cannot be made says which and why")
    func unwritable() {
        #expect(throws: PcapngError.file(path: "/proc/none/x", action: "open", reason: "No such file or directory")) {
            try PcapngWriter(points: points).write([], to: "/proc/none/x")
        }
    }
}
