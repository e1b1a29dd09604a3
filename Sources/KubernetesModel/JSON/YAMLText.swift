/// How a text has to be written in YAML 1.1 so that it reads as that text and nothing else.
struct YAMLText {
    enum Style {
        case plain
        case singleQuoted
        case doubleQuoted
        case literal
    }

    private let text: String
    private var hasIndicators = false
    private var hasOuterSpace = false
    private var hasTrailingSpace = false
    private var hasSpaceBeforeBreak = false
    private var hasSpecials = false
    private var hasLines = false

    init(_ text: String) {
        self.text = text
        let scalars = Array(text.unicodeScalars)
        hasIndicators = text.hasPrefix("---") || text.hasPrefix("...")
        hasTrailingSpace = scalars.last == " "
        hasOuterSpace = scalars.first == " " || hasTrailingSpace
        var previous: Unicode.Scalar = " "
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : " "
            let isBeforeSpace = next == " " || next == "\t"
            if Self.isIndicator(scalar, isFirst: index == 0, previous: previous, isBeforeSpace: isBeforeSpace) {
                hasIndicators = true
            }
            if scalar == "\n" {
                hasLines = true
                if previous == " ", index > 0 { hasSpaceBeforeBreak = true }
            } else if Self.escape(scalar) != nil, scalar != "\"", scalar != "\\" {
                hasSpecials = true
            }
            previous = scalar
        }
    }

    private static func isIndicator(
        _ scalar: Unicode.Scalar, isFirst: Bool, previous: Unicode.Scalar, isBeforeSpace: Bool
    ) -> Bool {
        switch scalar {
        case ":": isBeforeSpace
        case "#": isFirst || previous == " " || previous == "\t" || previous == "\n"
        case "?", "-": isFirst && isBeforeSpace
        case ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`": isFirst
        default: false
        }
    }

    func style(isKey: Bool) -> Style {
        if hasLines {
            return isKey || hasTrailingSpace || hasSpaceBeforeBreak || hasSpecials ? .doubleQuoted : .literal
        }
        if hasSpecials || YAMLText.resolves(text) { return .doubleQuoted }
        return hasIndicators || hasOuterSpace ? .singleQuoted : .plain
    }

    /// What stands for a character in double quotes, or nil where it stands for itself.
    static func escape(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0: return "\\0"
        case 7: return "\\a"
        case 8: return "\\b"
        case 9: return "\\t"
        case 10: return "\\n"
        case 11: return "\\v"
        case 12: return "\\f"
        case 13: return "\\r"
        case 0x1b: return "\\e"
        case 0x22: return "\\\""
        case 0x5c: return "\\\\"
        case 0x85: return "\\N"
        case 0x2028: return "\\L"
        case 0x2029: return "\\P"
        case 0..<0x20, 0x7f..<0xa0: return "\\x" + hexadecimal(scalar.value, 2)
        case 0xfeff, 0xfffe, 0xffff: return "\\u" + hexadecimal(scalar.value, 4)
        case 0x10000...: return "\\U" + hexadecimal(scalar.value, 8)
        default: return nil
        }
    }

    private static func hexadecimal(_ number: UInt32, _ width: Int) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension YAMLText {
    private static let words: Set<String> = [
        "", "~", "null", "Null", "NULL", "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "true", "True",
        "TRUE", "false", "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF", ".nan", ".NaN", ".NAN", ".inf",
        ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", "<<",
    ]

    /// Whether a plain text would read as null, a truth value, a number or a moment.
    static func resolves(_ text: String) -> Bool {
        if words.contains(text) { return true }
        guard let first = text.utf8.first, text.utf8.count <= 200,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) || "+-.".utf8.contains(first)
        else { return false }
        let plain = text.filter { $0 != "_" }
        return isInteger(plain) || isFloat(plain) || isSexagesimal(plain) || isMoment(text)
    }

    /// Go's integers: decimal, or with a prefix for base 2, 8 or 16.
    private static func isInteger(_ text: String) -> Bool {
        let digits = text.first == "+" || text.first == "-" ? text.dropFirst() : text[...]
        guard !digits.isEmpty else { return false }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.lowercased().hasPrefix(prefix) {
            let rest = digits.dropFirst(2)
            return !rest.isEmpty && rest.allSatisfy { $0.isASCII && ($0.hexDigitValue ?? 99) < radix }
        }
        return digits.utf8.allSatisfy(isDigit)
    }

    /// Digits with a point and an exponent, where there is at least one digit before the exponent.
    private static func isFloat(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func digits() -> Int {
            let count = rest.prefix(while: isDigit).count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        var count = digits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            count += digits()
        }
        guard count > 0 else { return false }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    /// YAML 1.1's numbers of base 60, such as `12:30`.
    private static func isSexagesimal(_ text: String) -> Bool {
        let whole = text.prefix { $0 != "." }
        guard text[whole.endIndex...].dropFirst().utf8.allSatisfy(isDigit) else { return false }
        let parts = whole.drop { $0 == "+" || $0 == "-" }.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return false }
        return parts.enumerated().allSatisfy { index, part in
            !part.isEmpty && part.utf8.allSatisfy(isDigit) && (index == 0 || (Int(part) ?? 60) < 60 && part.count <= 2)
        }
    }

    /// A date, or a date and a clock.
    private static func isMoment(_ text: String) -> Bool {
        let parts = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[0].utf8.allSatisfy(isDigit),
            (1...2).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy(isDigit)
        else { return false }
        let day = parts[2].utf8.prefix(while: isDigit)
        let rest = parts[2].utf8.dropFirst(day.count)
        guard (1...2).contains(day.count), let year = Int64(parts[0]), let month = Int64(parts[1]),
            let date = Int64(String(day) ?? ""), (1...12).contains(month),
            (1...CivilTime.days(in: month, of: year)).contains(date)
        else { return false }
        guard let separator = rest.first else { return true }
        return "Tt ".utf8.contains(separator)
            && rest.dropFirst().allSatisfy { isDigit($0) || ":.+-Z".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// The fields in the order in which they are written. The plain order comes first, as the natural one leaves some
    /// names undecided.
    static func ordered(_ fields: [String: JSONValue]) -> [(key: String, value: JSONValue)] {
        fields.sorted { $0.key < $1.key }.sorted { precedes($0.key, $1.key) }
    }

    /// The order of fields: numbers within names count as numbers, and other signs come before letters.
    static func precedes(_ one: String, _ other: String) -> Bool {
        let (a, b) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
        func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic }
        func digit(_ scalar: Unicode.Scalar) -> Int? { scalar.isASCII ? Character(scalar).wholeNumberValue : nil }
        func number(_ scalars: [Unicode.Scalar], _ start: Int, _ first: Int) -> (value: Int, end: Int) {
            var (value, end) = (first, start)
            while end < scalars.count, let digit = digit(scalars[end]) {
                value = value &* 10 &+ digit
                end += 1
            }
            return (value, end)
        }
        var isAfterDigit = false
        for index in 0..<min(a.count, b.count) {
            let (x, y) = (a[index], b[index])
            if x == y {
                isAfterDigit = digit(x) != nil
                continue
            }
            let (isLetterX, isLetterY) = (isLetter(x), isLetter(y))
            if isLetterX, isLetterY { return x < y }
            if isLetterX || isLetterY { return isAfterDigit ? isLetterX : isLetterY }
            var first = 0
            if x == "0" || y == "0" {
                let before = a[..<index].reversed().prefix { digit($0) != nil }
                if before.contains(where: { $0 != "0" }) { first = 1 }
            }
            let (p, q) = (number(a, index, first), number(b, index, first))
            if p.value != q.value { return p.value < q.value }
            if p.end != q.end { return p.end < q.end }
            return x < y
        }
        return a.count < b.count
    }
}
