internal import DNSMessage

/// Room for a name in lower case, to look it up.
struct LowercasedName {
    let buffer: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    /// Lends room for a name, on the stack.
    static func withRoom<Result>(_ body: (inout LowercasedName) -> Result) -> Result {
        withUnsafeTemporaryAllocation(byteCount: 256, alignment: 8) { buffer in
            var name = LowercasedName(buffer: buffer)
            return body(&name)
        }
    }

    /// The name.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[..<count]) }

    /// Takes a name on the wire, of at most 255 bytes. Lengths are below 64, so that they are no letters.
    mutating func take(_ name: UnsafeRawBufferPointer) {
        count = min(name.count, DomainName.longest)
        var place = 0
        while place + 8 <= count {
            let word = name.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            buffer.storeBytes(of: Self.lowercased(word), toByteOffset: place, as: UInt64.self)
            place += 8
        }
        while place < count {
            buffer[place] = name[place].asciiLowercased
            place += 1
        }
    }

    /// Eight bytes at once: for each that is a letter from A to Z the bit is set that makes it small.
    private static func lowercased(_ word: UInt64) -> UInt64 {
        let sevenBits = word & 0x7f7f_7f7f_7f7f_7f7f
        let fromA = sevenBits &+ 0x3f3f_3f3f_3f3f_3f3f
        let beyondZ = sevenBits &+ 0x2525_2525_2525_2525
        let isLetter = ~word & (fromA ^ beyondZ) & 0x8080_8080_8080_8080
        return word | isLetter >> 2
    }

    /// How many bytes of the name are before its end that is equal to another name; nil where that is not its end.
    func prefixLength(before other: [UInt8]) -> Int? {
        var place = 0
        while count - place > other.count { place += 1 + Int(buffer[place]) }
        guard count - place == other.count else { return nil }
        let end = UnsafeRawBufferPointer(rebasing: buffer[place..<count])
        return other.withUnsafeBytes { end.isEqual(to: $0) } ? place : nil
    }
}
