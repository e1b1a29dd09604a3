/// An amount of something, such as `100m` of a CPU or `64Mi` of memory (apimachinery's resource.Quantity).
public struct Quantity: Hashable, Comparable, Sendable {
    /// Why a text is no quantity, in the API server's words.
    public enum Fault: String, Error {
        case format =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
        case number = "unable to parse numeric part of quantity"
        case suffix = "unable to parse quantity's suffix"
    }

    /// The amount in billionths, rounded up; amounts beyond 2^63 - 1 count as that, as in Kubernetes.
    public let nanos: Int128

    private static let limit = Int128(Int64.max) * 1_000_000_000

    /// Reads a number and a suffix: none, n to E, Ki to Ei, or an exponent such as `e3`.
    public init(_ text: String) throws(Fault) {
        var rest = text.utf8[...]
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        let number = rest.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        let suffix = rest.dropFirst(number.count)
        guard !number.isEmpty else { throw .format }
        let parts = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, number.contains(where: { $0 != UInt8(ascii: ".") }) else { throw .number }
        let scale = try Self.scale(String(decoding: suffix, as: UTF8.self))
        let digits = parts.flatMap { $0.map { Int128($0 - 0x30) } }
        let magnitude = Self.magnitude(digits, fraction: parts.count == 2 ? parts[1].count : 0, scale)
        nanos = isNegative ? -magnitude : magnitude
    }

    private struct Scale {
        var binary = 0
        var decimal = 0
    }

    private static func scale(_ suffix: String) throws(Fault) -> Scale {
        if let place = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].firstIndex(of: suffix) {
            return Scale(decimal: 3 * (place - 3))
        }
        if let place = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].firstIndex(of: suffix) {
            return Scale(binary: 10 * (place + 1))
        }
        guard suffix.first == "e" || suffix.first == "E", let exponent = Int(suffix.dropFirst()),
            abs(exponent) < 1_000_000
        else { throw .suffix }
        return Scale(decimal: exponent)
    }

    /// The amount of a number with so many digits behind its point.
    private static func magnitude(_ digits: [Int128], fraction: Int, _ scale: Scale) -> Int128 {
        // 19 digits before the point say everything, and 18 behind it; further ones only round up.
        var value: Int128 = 0
        var exponent = scale.decimal - fraction + 9
        let leading = digits.drop { $0 == 0 }
        for (place, digit) in leading.enumerated() {
            if place >= 28 {
                exponent += leading.count - place
                if leading.dropFirst(place).contains(where: { $0 != 0 }) { value += 1 }
                break
            }
            value = value * 10 + digit
        }
        guard value > 0 else { return 0 }
        for _ in 0..<scale.binary {
            guard value < limit << 20 else { return limit }
            value *= 2
        }
        while exponent > 0 {
            guard value < limit else { return limit }
            value *= 10
            exponent -= 1
        }
        var isInexact = false
        while exponent < 0 {
            isInexact = isInexact || value % 10 != 0
            value /= 10
            exponent += 1
            if value == 0 { return 1 }
        }
        return min(limit, value + (isInexact ? 1 : 0))
    }

    /// By amount.
    public static func < (left: Quantity, right: Quantity) -> Bool { left.nanos < right.nanos }
}
