/// The parameters behind the question mark of a request's target.
struct Query: Sendable {
    private let parameters: [(name: String, value: String)]

    /// Reads `name=value&name=value`, percent-encoded, with `+` for a space.
    init(parsing text: some StringProtocol) {
        parameters = text.split(separator: "&").map { part in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                PercentEncoding.decode(sides[0], plusIsSpace: true) ?? String(sides[0]),
                sides.count > 1 ? PercentEncoding.decode(sides[1], plusIsSpace: true) ?? String(sides[1]) : ""
            )
        }
    }

    /// The first parameter of a name, or nil.
    subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// All parameters of a name.
    func all(_ name: String) -> [String] { parameters.lazy.filter { $0.name == name }.map(\.value) }

    /// A truth value as the API server reads one: anything but `false` and `0` is true, also nothing.
    func flag(_ name: String) -> Bool {
        guard let value = self[name]?.lowercased() else { return false }
        return value != "false" && value != "0"
    }

    /// Whether a parameter is there and not empty.
    func has(_ name: String) -> Bool { !(self[name] ?? "").isEmpty }
}

/// Percent-encoding (RFC 3986).
enum PercentEncoding {
    /// The text meant, or nil where an escape is broken or the bytes are no UTF-8.
    static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
