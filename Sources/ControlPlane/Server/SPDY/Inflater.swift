/// Reads compressed data (DEFLATE, RFC 1951) that comes in pieces, each of which ends at a whole byte: the headers of SPDY.
struct Inflater {
    /// Why data cannot be read.
    enum Failure: Error { case malformed, tooLong }

    /// How far back data can refer.
    private static let window = 32 * 1024

    /// What was read before, as far as data can refer to it.
    private var history: [UInt8]
    private let largest: Int

    /// - Parameters:
    ///   - dictionary: what counts as read before the first piece.
    ///   - largest: the most bytes that a piece may have when it is read.
    init(dictionary: [UInt8], largest: Int) {
        history = dictionary
        self.largest = largest
    }

    /// The bytes of a piece.
    mutating func inflate(_ piece: some Sequence<UInt8>) throws(Failure) -> [UInt8] {
        var bits = BitReader(Array(piece))
        let start = history.count
        while !bits.isAtEnd {
            let isLast = try bits.read(1) == 1
            switch try bits.read(2) {
            case 0: try copyStored(&bits, start)
            case 1: try decode(&bits, Self.fixed.literals, Self.fixed.distances, start)
            case 2:
                let (literals, distances) = try Self.dynamicCodes(&bits)
                try decode(&bits, literals, distances, start)
            default: throw .malformed
            }
            if isLast { break }
        }
        let result = Array(history[start...])
        if history.count > Self.window { history.removeFirst(history.count - Self.window) }
        return result
    }

    private mutating func copyStored(_ bits: inout BitReader, _ start: Int) throws(Failure) {
        bits.alignToByte()
        let length = try bits.read(16)
        guard try bits.read(16) == ~length & 0xffff else { throw .malformed }
        guard history.count - start + length <= largest else { throw .tooLong }
        for _ in 0..<length { history.append(UInt8(truncatingIfNeeded: try bits.read(8))) }
    }

    // MARK: Compressed blocks

    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]
    private static let distanceBits = (0..<30).map { max(0, $0 / 2 - 1) }
    /// The order in which the lengths of the code lengths' codes are given.
    private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private static let fixed = (
        literals: PrefixCode(lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }),
        distances: PrefixCode(lengths: Array(repeating: 5, count: 30))
    )

    private mutating func decode(
        _ bits: inout BitReader, _ literals: PrefixCode, _ distances: PrefixCode, _ start: Int
    ) throws(Failure) {
        while true {
            let symbol = try literals.next(&bits)
            if symbol == 256 { return }
            if symbol < 256 {
                history.append(UInt8(symbol))
            } else {
                guard symbol - 257 < Self.lengthBases.count else { throw .malformed }
                let length = Self.lengthBases[symbol - 257] + (try bits.read(Self.lengthBits[symbol - 257]))
                let code = try distances.next(&bits)
                guard code < Self.distanceBases.count else { throw .malformed }
                let distance = Self.distanceBases[code] + (try bits.read(Self.distanceBits[code]))
                guard distance <= history.count else { throw .malformed }
                for _ in 0..<length { history.append(history[history.count - distance]) }
            }
            guard history.count - start <= largest else { throw .tooLong }
        }
    }

    private static func dynamicCodes(
        _ bits: inout BitReader
    ) throws(Failure) -> (literals: PrefixCode, distances: PrefixCode) {
        let literals = try bits.read(5) + 257
        let distances = try bits.read(5) + 1
        let codes = try bits.read(4) + 4
        var codeLengths = [Int](repeating: 0, count: 19)
        for index in 0..<codes { codeLengths[codeOrder[index]] = try bits.read(3) }
        let code = PrefixCode(lengths: codeLengths)
        var lengths: [Int] = []
        while lengths.count < literals + distances {
            let symbol = try code.next(&bits)
            switch symbol {
            case 16:
                guard let last = lengths.last else { throw .malformed }
                lengths += Array(repeating: last, count: 3 + (try bits.read(2)))
            case 17: lengths += Array(repeating: 0, count: 3 + (try bits.read(3)))
            case 18: lengths += Array(repeating: 0, count: 11 + (try bits.read(7)))
            default: lengths.append(symbol)
            }
        }
        guard lengths.count == literals + distances else { throw .malformed }
        return (PrefixCode(lengths: Array(lengths[..<literals])), PrefixCode(lengths: Array(lengths[literals...])))
    }
}

/// Bits of bytes, the lowest first.
private struct BitReader {
    private let bytes: [UInt8]
    private var position = 0
    private var bit = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether nothing is left but the rest of a byte that was begun.
    var isAtEnd: Bool { position >= bytes.count || (position == bytes.count - 1 && bit > 0) }

    mutating func read(_ count: Int) throws(Inflater.Failure) -> Int {
        var value = 0
        for place in 0..<count {
            guard position < bytes.count else { throw .malformed }
            value |= Int(bytes[position] >> UInt8(bit) & 1) << place
            bit += 1
            if bit == 8 {
                bit = 0
                position += 1
            }
        }
        return value
    }

    mutating func alignToByte() {
        guard bit > 0 else { return }
        bit = 0
        position += 1
    }
}

/// A prefix code that is given by the lengths of its words (RFC 1951, 3.2.2).
private struct PrefixCode {
    /// How many words there are of each length.
    private var counts = [Int](repeating: 0, count: 16)
    /// The symbols in the order of their words.
    private var symbols: [Int]

    init(lengths: [Int]) {
        for length in lengths where length > 0 { counts[length] += 1 }
        symbols = (1..<16).flatMap { length in lengths.indices.filter { lengths[$0] == length } }
    }

    func next(_ bits: inout BitReader) throws(Inflater.Failure) -> Int {
        var word = 0
        var first = 0
        var index = 0
        for length in 1..<16 {
            word |= try bits.read(1)
            let count = counts[length]
            if word - first < count {
                guard word >= first else { throw .malformed }
                return symbols[index + word - first]
            }
            index += count
            first = (first + count) << 1
            word <<= 1
        }
        throw .malformed
    }
}
