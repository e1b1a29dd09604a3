import Addressing
import DNSMessage
import TestSupport
import Testing

@Suite("DNS messages, any and mutated")
struct MessagePropertyTests {
    @Test("any message means the same after encoding and decoding")
    func roundTrip() throws {
        for seed in 0..<500 as Range<UInt64> {
            var random = RandomMessage(seed: seed)
            let message = random.message()
            let bytes = message.encoded()
            guard bytes.count <= Message.longest else { continue }
            #expect(try Message(decoding: bytes) == message, "seed \(seed)")
        }
    }

    @Test("a limit holds for any message, and what is left is the beginning of each section")
    func limits() throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomMessage(seed: seed)
            let message = random.message()
            let bytes = message.encoded(limit: 700)
            let room = Message(id: 0, asking: message.questions).encodedLengthWithOPT(of: message)
            #expect(bytes.count <= max(700, room), "seed \(seed)")
            let cut = try Message(decoding: bytes)
            #expect(cut.answers[...] == message.answers.prefix(cut.answers.count), "seed \(seed)")
            #expect(cut.isTruncated || cut.authorities == message.authorities, "seed \(seed)")
        }
    }

    @Test("10,000 random packets are refused or understood, each in bounded time")
    func randomPackets() {
        var generator = SeededGenerator(seed: 1)
        let slowest = fuzz(10_000) { _ in
            let words = (0..<Int.random(in: 0...75, using: &generator)).map { _ in generator.next() }
            return words.withUnsafeBytes { Array($0) }
        }
        #expect(slowest < .milliseconds(500))
    }

    @Test("10,000 mutations of recorded packets are refused or understood, each in bounded time")
    func mutatedPackets() throws {
        let recorded = try Recording.all().map(\.bytes)
        var generator = SeededGenerator(seed: 2)
        let slowest = fuzz(10_000) { index in
            var bytes = recorded[index % recorded.count]
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: bytes[place] = 0xc0 | UInt8.random(in: 0...63, using: &generator)
                case 2: bytes[place] = [0, 63, 64, 255].randomElement(using: &generator) ?? 0
                case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                default: if bytes.count > 1 { bytes.remove(at: place) }
                }
            }
            return bytes
        }
        #expect(slowest < .milliseconds(500))
    }

    @Test("the largest message of nothing but pointers takes bounded time")
    func pointerFlood() {
        // 65,535 bytes: a chain of pointers, and as many records as there is room for, each with the longest chain.
        var bytes: [UInt8] = [0, 1, 0x80, 0, 0, 1, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 1, 0, 1]
        let start = bytes.count + 11
        var chain: [UInt8] = [0xc0, 12]
        for index in 1..<120 {
            chain += [0xc0 | UInt8((start + 2 * index - 2) >> 8), UInt8((start + 2 * index - 2) & 255)]
        }
        bytes += [0, 0, 99, 0, 1, 0, 0, 0, 0, UInt8(chain.count >> 8), UInt8(chain.count & 255)] + chain
        let last = start + chain.count - 2
        while bytes.count < 65_500 {
            bytes += [0xc0 | UInt8(last >> 8), UInt8(last & 255), 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]
        }
        let start2 = ContinuousClock.now
        #expect(throws: MessageError.self) { try Message(decoding: bytes) }
        #expect(ContinuousClock.now - start2 < .seconds(2))
    }

    /// Decodes packets; what decodes must encode and decode to itself. Says how long the slowest took.
    private func fuzz(_ count: Int, _ packet: (Int) -> [UInt8]) -> Duration {
        var slowest = Duration.zero
        for index in 0..<count {
            let bytes = packet(index)
            let start = ContinuousClock.now
            if let message = try? Message(decoding: bytes) {
                let encoded = message.encoded(limit: 1_000_000)
                if encoded.count <= Message.longest {
                    #expect((try? Message(decoding: encoded)) == message, "packet \(index): \(bytes)")
                }
            }
            slowest = max(slowest, ContinuousClock.now - start)
        }
        return slowest
    }
}

extension Message {
    fileprivate init(id: UInt16, asking questions: [Question]) {
        self.init(id: id)
        self.questions = questions
    }

    /// The bytes that an encoding of a message cannot leave out.
    fileprivate func encodedLengthWithOPT(of message: Message) -> Int {
        var bare = self
        bare.edns = message.edns
        return bare.encoded().count
    }
}
