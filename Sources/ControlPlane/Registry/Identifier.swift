/// What the server makes up for objects.
enum Identifier {
    /// A random UUID (RFC 9562, version 4).
    static func uuid() -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        // One question to the kernel instead of sixteen.
        let number = UInt128.random(in: 0...UInt128.max)
        for index in 0..<16 {
            var byte = UInt8(truncatingIfNeeded: number >> UInt128(index * 8))
            if index == 6 { byte = byte & 0x0f | 0x40 }
            if index == 8 { byte = byte & 0x3f | 0x80 }
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A name that begins with a generateName: five characters more, without vowels and without those that look alike.
    static func name(from prefix: String) -> String {
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        let suffix = (0..<5).compactMap { _ in alphabet.randomElement() }
        return prefix.prefix(63 - suffix.count) + String(suffix)
    }
}
