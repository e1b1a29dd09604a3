/// Looks in YAML text for aliases that stand inside the key of a mapping.
///
/// The YAML parser hashes keys in full, so nested aliases in a key cost time that doubles with each of them. The parser
/// gives no way to stop, hence this look at the text beforehand. It knows nothing of quotation marks or comments: it
/// may refuse odd text that is harmless, and lets nothing through.
struct YAMLAliases {
    /// The line of the first alias.
    private(set) var firstAlias: Int?
    /// The line of the first key that is a list, a table or an alias.
    private(set) var firstComplexKey: Int?

    init(in text: String) {
        let bytes = Array(text.utf8)
        var line = 1
        for (index, byte) in bytes.enumerated() {
            let startsToken = index == 0 || Self.endsToken(bytes[index - 1])
            switch byte {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: "*") where startsToken:
                let end = Self.endOfName(bytes, from: index + 1)
                guard end > index + 1 else { break }
                if firstAlias == nil { firstAlias = line }
                if Self.isKey(bytes, endingAt: end) { note(line) }
            case UInt8(ascii: "?") where startsToken: note(line)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): if Self.isKey(bytes, endingAt: index + 1) { note(line) }
            default: break
            }
        }
    }

    /// Whether the text has both an alias and a key that could hold it.
    var mayBeInKey: Bool { firstAlias != nil && firstComplexKey != nil }

    private mutating func note(_ line: Int) {
        if firstComplexKey == nil { firstComplexKey = line }
    }

    /// Whether a token can begin behind a byte.
    private static func endsToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "?"),
            UInt8(ascii: "-"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "\""), UInt8(ascii: "'"), 0...32:
            true
        default: byte >= 0x80
        }
    }

    private static func endOfName(_ bytes: [UInt8], from start: Int) -> Int {
        var end = start
        while end < bytes.count, FieldPath.isBare(bytes[end]) { end += 1 }
        return end
    }

    /// Whether a colon follows on the same line.
    private static func isKey(_ bytes: [UInt8], endingAt end: Int) -> Bool {
        var next = end
        while next < bytes.count, bytes[next] == UInt8(ascii: " ") || bytes[next] == UInt8(ascii: "\t") { next += 1 }
        return next < bytes.count && bytes[next] == UInt8(ascii: ":")
    }
}
