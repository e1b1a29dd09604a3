import DNSMessage
import Testing

@Suite("Malformed DNS messages")
struct MalformedMessageTests {
    /// A query with one question whose name is given on the wire, type A and class IN behind it.
    private func query(_ name: [UInt8]) -> [UInt8] { [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + name + [0, 1, 0, 1] }

    private func error(_ bytes: [UInt8]) -> MessageError? {
        do {
            _ = try Message(decoding: bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("a label of 63 bytes is one, of 64 it is of no known kind")
    func longLabel() {
        #expect(error(query([63] + [UInt8](repeating: 97, count: 63) + [0])) == nil)
        #expect(error(query([64] + [UInt8](repeating: 97, count: 64) + [0])) == .reservedLabel(offset: 12))
        #expect(error(query([0x80, 0])) == .reservedLabel(offset: 12))
    }

    @Test("a name of 255 bytes is one, of 256 it is too long")
    func longName() {
        let part = [63] + [UInt8](repeating: 97, count: 63)
        let start = part + part + part
        #expect(error(query(start + [61] + [UInt8](repeating: 97, count: 61) + [0])) == nil)
        #expect(error(query(start + [62] + [UInt8](repeating: 97, count: 62) + [0])) == .nameTooLong(offset: 12))
        #expect(error(query(start + [1, 97] + part + [0])) == .nameTooLong(offset: 12))
    }

    @Test("a pointer to itself, forwards, or into its own part is refused")
    func loops() {
        #expect(error(query([0xc0, 12])) == .forwardPointer(offset: 12))
        #expect(error(query([0xc0, 14])) == .forwardPointer(offset: 12))
        #expect(error(query([0xff, 0xff])) == .forwardPointer(offset: 12))
        // a label, and a pointer to it: the name would go round and round
        #expect(error(query([1, 97, 0xc0, 12])) == .forwardPointer(offset: 14))
    }

    @Test("two names that point at each other are refused")
    func mutualLoop() {
        // the second question's name leads to the first's, which leads to the second's
        let bytes: [UInt8] = [0, 1, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0xc0, 18, 0, 1, 0, 1, 0xc0, 12, 0, 1, 0, 1]
        #expect(error(bytes) == .forwardPointer(offset: 12))
    }

    @Test("a chain of pointers ends after as many as a name can have labels")
    func pointerChain() {
        var bytes: [UInt8] = [0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1]
        // an opaque record whose data are pointers, each to the one before; the first leads to the root
        let start = bytes.count + 11
        var chain: [UInt8] = [0xc0, 12]
        for index in 1..<200 {
            chain += [0xc0 | UInt8((start + 2 * index - 2) >> 8), UInt8((start + 2 * index - 2) & 255)]
        }
        bytes += [0, 0, 99, 0, 1, 0, 0, 0, 0, UInt8(chain.count >> 8), UInt8(chain.count & 255)] + chain
        #expect(error(bytes) == nil)
        bytes[7] = 2
        let last = start + chain.count - 2
        bytes += [0xc0 | UInt8(last >> 8), UInt8(last & 255), 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]
        #expect(error(bytes) == .tooManyPointers(offset: last + 2))
    }

    @Test("a message cut at any byte is refused")
    func cut() throws {
        for (name, bytes) in try Recording.all() {
            for count in bytes.indices {
                #expect(error(Array(bytes[..<count])) != nil, "\(name) cut to \(count) bytes")
            }
            #expect(error(bytes + [0]) == .trailingBytes(offset: bytes.count), "\(name)")
        }
    }

    @Test("a second OPT record, one elsewhere or of another name is refused")
    func misplacedOPT() {
        let opt: [UInt8] = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]
        let header: [UInt8] = [0, 1, 1, 0, 0, 0, 0, 0, 0, 0]
        #expect(error(header + [0, 1] + opt) == nil)
        #expect(error(header + [0, 2] + opt + opt) == .misplacedOPT(offset: 23))
        #expect(error(header + [0, 1, 1, 97] + opt) == .misplacedOPT(offset: 12))
        #expect(error([0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0] + opt) == .misplacedOPT(offset: 12))
    }

    @Test("data that are too short or too long for their type are refused", arguments: [3, 5])
    func dataLength(length: UInt8) {
        let data = [UInt8](repeating: 1, count: Int(length))
        let bytes: [UInt8] = [0, 1, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, length] + data
        #expect(error(bytes) != nil)
    }

    @Test(
        "options that do not fill the OPT record are refused",
        arguments: [[UInt8]([0, 8]), [0, 8, 0, 9, 1], [0, 8, 0]])
    func options(data: [UInt8]) {
        let bytes: [UInt8] = [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, UInt8(data.count)]
        #expect(error(bytes + data) != nil)
    }

    @Test("an error says what is wrong and where")
    func description() {
        #expect(
            MessageError.forwardPointer(offset: 12).description
                == "the compression pointer at byte 12 of the DNS message does not lead backwards")
    }
}
