/// The values of TOML 1.0 that stand without quotation marks or brackets: booleans, numbers, dates and times.
///
/// The TOML parser aborts the process on some malformed ones, so their form is checked before. Whether a number fits
/// or a date exists is left to the parser.
struct TOMLScalar {
    private var rest: Substring.UTF8View

    /// Whether a text is such a value.
    static func isWellFormed(_ text: String) -> Bool {
        let text = text[...]
        let unsigned = text.hasPrefix("+") || text.hasPrefix("-") ? text.dropFirst() : text
        return ["true", "false"].contains(text) || ["inf", "nan"].contains(unsigned)
            || TOMLScalar(rest: text.utf8).isTime() || TOMLScalar(rest: unsigned.utf8).isDecimal()
            || TOMLScalar(rest: text.utf8).isPrefixedInteger()
    }

    // MARK: Parts

    private mutating func take(_ letters: String) -> Bool {
        guard let first = rest.first, letters.utf8.contains(first) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Takes so many decimal digits.
    private mutating func takeDigits(_ count: Int) -> Bool {
        (0..<count).allSatisfy { _ in take("0123456789") }
    }

    /// Takes digits with single underscores between them.
    private mutating func takeNumber(_ digits: String = "0123456789") -> Bool {
        repeat {
            guard take(digits) else { return false }
            while take(digits) {}
        } while take("_")
        return true
    }

    // MARK: Forms

    private consuming func isPrefixedInteger() -> Bool {
        guard take("0") else { return false }
        if take("x") { return takeNumber("0123456789abcdefABCDEF") && rest.isEmpty }
        if take("o") { return takeNumber("01234567") && rest.isEmpty }
        return take("b") && takeNumber("01") && rest.isEmpty
    }

    private consuming func isDecimal() -> Bool {
        // A number begins with no superfluous zero.
        guard take("0") || takeNumber() else { return false }
        if take("."), !takeNumber() { return false }
        if take("eE") {
            _ = take("+-")
            guard takeNumber() else { return false }
        }
        return rest.isEmpty
    }

    /// A date, a time, or both with an offset or none.
    private consuming func isTime() -> Bool {
        if rest.count >= 5, rest.dropFirst(4).first == UInt8(ascii: "-") {
            guard takeDigits(4), take("-"), takeDigits(2), take("-"), takeDigits(2) else { return false }
            if rest.isEmpty { return true }
            guard take("Tt "), takeClock() else { return false }
            if take("Zz") || rest.isEmpty { return rest.isEmpty }
            return take("+-") && takeDigits(2) && take(":") && takeDigits(2) && rest.isEmpty
        }
        return takeClock() && rest.isEmpty
    }

    private mutating func takeClock() -> Bool {
        guard takeDigits(2), take(":"), takeDigits(2), take(":"), takeDigits(2) else { return false }
        guard take(".") else { return true }
        guard takeDigits(1) else { return false }
        while take("0123456789") {}
        return true
    }
}
