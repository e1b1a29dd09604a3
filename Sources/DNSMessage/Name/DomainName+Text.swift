extension DomainName: CustomStringConvertible {
    /// Reads a name as people write it, with or without the dot at the end; `.` is the root.
    ///
    /// A backslash makes the next character part of a label, and before three digits it is the byte of that number
    /// (RFC 1035, section 5.1). Empty labels, labels of more than 63 bytes and names of more than 255 give nil.
    public init?(_ text: some StringProtocol) {
        guard text != "." else {
            self = .root
            return
        }
        var labels: [[UInt8]] = [[]]
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "."):
                if bytes.isEmpty { break }
                labels.append([])
            case UInt8(ascii: "\\"):
                guard let escaped = Self.escaped(&bytes) else { return nil }
                labels[labels.count - 1].append(escaped)
            default:
                labels[labels.count - 1].append(byte)
            }
        }
        self.init(labels: labels)
    }

    /// What follows a backslash.
    private static func escaped(_ bytes: inout ArraySlice<UInt8>) -> UInt8? {
        guard let first = bytes.popFirst() else { return nil }
        guard (48...57).contains(first) else { return first }
        let digits = [first] + bytes.prefix(2)
        guard digits.count == 3, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        bytes = bytes.dropFirst(2)
        return UInt8(exactly: digits.reduce(0) { $0 * 10 + Int($1 - 48) })
    }

    /// The name with the dot of the root at its end, special and unprintable bytes escaped.
    public var description: String {
        guard !isRoot else { return "." }
        return labels.map { label in label.map(Self.text).joined() + "." }.joined()
    }

    private static func text(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "@"), UInt8(ascii: "$"):
            "\\" + String(UnicodeScalar(byte))
        case 0x21...0x7e: String(UnicodeScalar(byte))
        default: "\\" + (byte < 100 ? "0" : "") + (byte < 10 ? "0" : "") + String(byte)
        }
    }
}
