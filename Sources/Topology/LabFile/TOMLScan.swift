/// Checks the structure of a TOML 1.0 document, and finds where each key and list element stands.
///
/// The TOML parser gives values without their places. It also aborts the process on some malformed keys, exhausts
/// the stack on keys nested very deep, and cuts strings at escaped NUL characters. So this scan goes first, and the
/// parser sees only what the scan has found sound: the form of its keys, brackets and values. What
/// they mean, and whether a table is defined twice, is left to the parser.
struct TOMLScan {
    /// Why the text is refused.
    struct Fault: Error {
        var position: Position
        var message: String
        var remedy: String
    }

    /// The place of every table, key and list element that was found.
    private(set) var positions: [FieldPath: Position] = [:]
    /// The first fault, where the scan stopped.
    private(set) var fault: Fault?

    /// How many keys and list indexes a path may have.
    static let maximumDepth = 64
    /// How many tables, keys and list elements a file may have.
    static let maximumValues = 500_000

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var column = 1
    /// How many elements each array of tables has so far.
    private var arrayCounts: [FieldPath: Int] = [:]

    init(of text: String) {
        bytes = Array(text.utf8)
        do throws(Fault) { try scanDocument() } catch { fault = error }
    }

    // MARK: Faults

    private func missing(_ what: String, at position: Position? = nil) -> Fault {
        let found = index < bytes.count ? "another character stands here" : "the file ends here"
        return Fault(
            position: position ?? here, message: "this is not TOML: \(what) is expected, and \(found)",
            remedy: "mend the syntax (https://toml.io)")
    }

    private func tooDeep(_ position: Position) -> Fault {
        Fault(
            position: position, message: "tables or lists are nested more than \(Self.maximumDepth) deep",
            remedy: "check the brackets and dotted keys here")
    }

    // MARK: Bytes

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }
    private var here: Position { Position(line: line, column: column) }

    private mutating func advance() {
        guard index < bytes.count else { return }
        if bytes[index] == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if bytes[index] & 0xc0 != 0x80 {
            column += 1
        }
        index += 1
    }

    private func starts(with text: StaticString) -> Bool {
        guard index + text.utf8CodeUnitCount <= bytes.count else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[index + $0] == text.utf8Start[$0] }
    }

    private mutating func expect(_ text: StaticString) throws(Fault) {
        guard starts(with: text) else { throw missing("'\(text)'") }
        for _ in 0..<text.utf8CodeUnitCount { advance() }
    }

    private mutating func skipBlanks() {
        while let byte, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { advance() }
    }

    private mutating func skipLine() {
        while let byte, byte != UInt8(ascii: "\n") { advance() }
    }

    /// Skips blanks, comments and ends of lines.
    private mutating func skipSpace() {
        while let byte {
            switch byte {
            case UInt8(ascii: "#"): skipLine()
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): advance()
            default: return
            }
        }
    }

    // MARK: Structure

    private mutating func scanDocument() throws(Fault) {
        if starts(with: "\u{feff}") { index += 3 }
        var table = FieldPath.root
        while true {
            skipSpace()
            guard let byte else { return }
            if byte == UInt8(ascii: "[") {
                table = try scanHeader()
            } else {
                try scanPair(in: table)
            }
            skipBlanks()
            guard let end = self.byte else { return }
            guard end == UInt8(ascii: "#") || end == UInt8(ascii: "\n") || end == UInt8(ascii: "\r") else {
                throw missing("the end of the line")
            }
        }
    }

    /// Scans `[a.b]` or `[[a.b]]` and gives the path of the table that it opens.
    private mutating func scanHeader() throws(Fault) -> FieldPath {
        let start = here
        let isArray = starts(with: "[[")
        try expect(isArray ? "[[" : "[")
        let keys = try scanKeys()
        try expect(isArray ? "]]" : "]")
        var path = FieldPath.root
        for (offset, key) in keys.enumerated() {
            path = try extended(path[key.text], at: start)
            guard let count = arrayCounts[path], !(isArray && offset == keys.count - 1) else { continue }
            path = try extended(path[count - 1], at: start)
        }
        guard isArray else { return path }
        let count = arrayCounts[path, default: 0]
        arrayCounts[path] = count + 1
        return try extended(path[count], at: start)
    }

    private mutating func scanPair(in table: FieldPath) throws(Fault) {
        var path = table
        for key in try scanKeys() { path = try extended(path[key.text], at: key.position) }
        try expect("=")
        skipBlanks()
        try scanValue(at: path)
    }

    /// Notes where a path begins, unless it is known from before, and refuses one that is too long.
    private mutating func extended(_ path: FieldPath, at position: Position) throws(Fault) -> FieldPath {
        guard path.steps.count <= Self.maximumDepth else {
            throw tooDeep(position)
        }
        if positions[path] == nil { positions[path] = position }
        guard positions.count <= Self.maximumValues else {
            throw Fault(
                position: position, message: "the file has more than \(Self.maximumValues) values",
                remedy: "check that it is the file you mean")
        }
        return path
    }

    /// Scans `a . "b" . 'c'` and the blanks around it.
    private mutating func scanKeys() throws(Fault) -> [(text: String, position: Position)] {
        var keys: [(text: String, position: Position)] = []
        while true {
            skipBlanks()
            let position = here
            keys.append((try scanKey(), position))
            skipBlanks()
            guard byte == UInt8(ascii: ".") else { return keys }
            guard keys.count <= Self.maximumDepth else {
                throw tooDeep(position)
            }
            advance()
        }
    }

    private mutating func scanKey() throws(Fault) -> String {
        switch byte {
        case UInt8(ascii: "\""): return try scanBasicString()
        case UInt8(ascii: "'"): return try scanLiteralString()
        default:
            let start = index
            while let byte, FieldPath.isBare(byte) { advance() }
            guard index > start else { throw missing("a key") }
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }
    }

    // MARK: Values

    private mutating func scanValue(at path: FieldPath) throws(Fault) {
        if starts(with: "\"\"\"") {
            try scanMultilineString(quote: "\"\"\"", hasEscapes: true)
        } else if starts(with: "'''") {
            try scanMultilineString(quote: "'''", hasEscapes: false)
        } else {
            switch byte {
            case UInt8(ascii: "\""): _ = try scanBasicString()
            case UInt8(ascii: "'"): _ = try scanLiteralString()
            case UInt8(ascii: "["): try scanList(at: path)
            case UInt8(ascii: "{"): try scanInlineTable(at: path)
            default: try scanBareValue()
            }
        }
    }

    private mutating func scanList(at path: FieldPath) throws(Fault) {
        try expect("[")
        var count = 0
        while true {
            skipSpace()
            if byte == UInt8(ascii: "]") { break }
            try scanValue(at: try extended(path[count], at: here))
            count += 1
            skipSpace()
            guard byte == UInt8(ascii: ",") else { break }
            advance()
        }
        try expect("]")
    }

    private mutating func scanInlineTable(at path: FieldPath) throws(Fault) {
        try expect("{")
        skipBlanks()
        guard byte != UInt8(ascii: "}") else {
            advance()
            return
        }
        while true {
            try scanPair(in: path)
            skipBlanks()
            guard byte == UInt8(ascii: ",") else { break }
            advance()
        }
        try expect("}")
    }

    /// Skips a number, boolean, date or time. A date and its time may have a space between them.
    private mutating func scanBareValue() throws(Fault) {
        let start = index
        let position = here
        while let byte, FieldPath.isBare(byte) || "+.: ".utf8.contains(byte), index - start < 64 { advance() }
        let end = bytes[start..<index].lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? start
        guard TOMLScalar.isWellFormed(String(decoding: bytes[start..<end], as: UTF8.self)) else {
            throw missing("a value", at: position)
        }
    }

    // MARK: Strings

    private mutating func scanLiteralString() throws(Fault) -> String {
        try expect("'")
        let start = index
        while let byte, byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\n") { advance() }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        try expect("'")
        return text
    }

    private mutating func scanBasicString() throws(Fault) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while let byte, byte != UInt8(ascii: "\"") {
            guard byte != UInt8(ascii: "\n") else { throw missing("'\"'") }
            if byte == UInt8(ascii: "\\") {
                text += try scanEscape().utf8
            } else {
                text.append(byte)
                advance()
            }
        }
        try expect("\"")
        return String(decoding: text, as: UTF8.self)
    }

    /// Skips a string of several lines. Up to two more quotation marks may stand before the three that end it.
    private mutating func scanMultilineString(quote: StaticString, hasEscapes: Bool) throws(Fault) {
        try expect(quote)
        while !starts(with: quote) {
            guard let byte else { throw missing(quote.description) }
            let isEscape = hasEscapes && byte == UInt8(ascii: "\\")
            if isEscape, index + 1 < bytes.count, " \t\r\n".utf8.contains(bytes[index + 1]) {
                advance()
            } else if isEscape {
                _ = try scanEscape()
            } else {
                advance()
            }
        }
        try expect(quote)
        for _ in 0..<2 where byte == quote.utf8Start[0] { advance() }
    }

    private mutating func scanEscape() throws(Fault) -> String {
        let start = here
        try expect("\\")
        guard let letter = byte else { throw missing("an escape sequence") }
        advance()
        switch letter {
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "u"): return try scanScalar(digits: 4, start)
        case UInt8(ascii: "U"): return try scanScalar(digits: 8, start)
        default: throw missing("an escape sequence of TOML")
        }
    }

    private mutating func scanScalar(digits: Int, _ start: Position) throws(Fault) -> String {
        let first = index
        for _ in 0..<digits { advance() }
        let text = String(decoding: bytes[first..<index], as: UTF8.self)
        guard text.utf8.count == digits, let number = UInt32(text, radix: 16), let scalar = Unicode.Scalar(number)
        else { throw missing("a Unicode scalar of \(digits) hexadecimal digits") }
        guard number != 0 else {
            throw Fault(position: start, message: "the text has a NUL character", remedy: "remove the escape")
        }
        return String(Character(scalar))
    }
}
