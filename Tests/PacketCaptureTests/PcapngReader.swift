/// Reads pcapng files strictly, so that a test sees what the writer wrote.
struct PcapngReader {
    struct Malformed: Error {
        let offset: Int
        let reason: String
    }

    struct Block: Equatable {
        var type: UInt32
        var body: [UInt8]
        var options: [Option]
    }

    struct Option: Equatable {
        var code: UInt16
        var value: [UInt8]

        var text: String { String(decoding: value, as: UTF8.self) }
    }

    private let bytes: [UInt8]
    private var offset = 0

    static func blocks(_ bytes: [UInt8]) throws -> [Block] {
        var reader = PcapngReader(bytes: bytes)
        var blocks: [Block] = []
        while reader.offset < bytes.count { blocks.append(try reader.block()) }
        return blocks
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) } }

    private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard offset + count <= bytes.count else { throw Malformed(offset: offset, reason: "\(count) bytes missing") }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    private mutating func block() throws -> Block {
        let start = offset
        let type = Self.number(try take(4))
        let length = Int(Self.number(try take(4)))
        guard length.isMultiple(of: 4) else { throw Malformed(offset: start, reason: "length \(length)") }
        var fixed: Int
        switch type {
        case 0x0a0d_0d0a: fixed = 16
        case 1: fixed = 8
        case 6:
            let captured = Int(Self.number(bytes[start + 20..<start + 24]))
            fixed = 20 + (captured + 3) / 4 * 4
        default: throw Malformed(offset: start, reason: "block type \(type)")
        }
        let body = Array(try take(fixed))
        fixed += 12
        let options = try options(length - fixed)
        guard Int(Self.number(try take(4))) == length else { throw Malformed(offset: offset, reason: "second length") }
        return Block(type: type, body: body, options: options)
    }

    private mutating func options(_ length: Int) throws -> [Option] {
        let end = offset + length
        var options: [Option] = []
        while offset < end {
            let head = Array(try take(4))
            let (code, size) = (UInt16(head[0]) | UInt16(head[1]) << 8, Int(head[2]) | Int(head[3]) << 8)
            if code == 0 {
                guard size == 0, offset == end else { throw Malformed(offset: offset, reason: "end of options") }
                return options
            }
            options.append(Option(code: code, value: Array(try take(size))))
            guard try take((4 - size % 4) % 4).allSatisfy({ $0 == 0 }) else {
                throw Malformed(offset: offset, reason: "padding")
            }
        }
        guard length == 0 else { throw Malformed(offset: offset, reason: "options without an end") }
        return options
    }
}
