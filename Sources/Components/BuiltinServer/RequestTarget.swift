/// A request's target (RFC 9112, section 3.2), taken apart and decoded.
struct RequestTarget: Hashable {
    /// The decoded path.
    var path: String
    /// The parameters behind `?`.
    var query: QueryString

    /// Reads the origin form `/path?query` or the absolute form `http://host/path?query`. Nil where an escape is
    /// malformed.
    init?(_ target: String) {
        var bytes = Array(target.utf8)[...]
        if bytes.first != UInt8(ascii: "/"), let afterScheme = Self.authority(in: bytes) {
            bytes =
                bytes[
                    (bytes[afterScheme...].firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
                        ?? bytes.endIndex)...]
        }
        if let fragment = bytes.firstIndex(of: UInt8(ascii: "#")) { bytes = bytes[..<fragment] }
        let mark = bytes.firstIndex(of: UInt8(ascii: "?"))
        let path = bytes[..<(mark ?? bytes.endIndex)]
        let parameters = mark.map { bytes[bytes.index(after: $0)...] } ?? []
        guard let path = PercentEncoding.decode(path, plusIsSpace: false), let query = QueryString(parameters) else {
            return nil
        }
        self.path = String(decoding: path, as: UTF8.self)
        self.query = query
    }

    /// Where the authority begins in `scheme://authority/…`.
    private static func authority(in bytes: ArraySlice<UInt8>) -> Int? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "://".utf8) else {
            return nil
        }
        return colon + 3
    }
}

/// The parameters of a URL, as forms and Go's net/url write them (WHATWG URL, application/x-www-form-urlencoded).
///
/// Values are bytes: what a client asks to be echoed need not be UTF-8.
struct QueryString: Hashable {
    private var parameters: [Parameter] = []

    private struct Parameter: Hashable {
        var name: [UInt8]
        var value: [UInt8]
    }

    /// Reads `name=value&name=value`. Nil where a `%` is not followed by two hexadecimal digits.
    init?(_ bytes: some Collection<UInt8>) {
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            let equals = part.firstIndex(of: UInt8(ascii: "="))
            guard let name = PercentEncoding.decode(part[..<(equals ?? part.endIndex)], plusIsSpace: true),
                let value = equals.map({ PercentEncoding.decode(part[part.index(after: $0)...], plusIsSpace: true) })
                    ?? []
            else { return nil }
            parameters.append(Parameter(name: name, value: value))
        }
    }

    /// The first value of a name.
    func bytes(_ name: String) -> [UInt8]? {
        parameters.first { $0.name.elementsEqual(name.utf8) }?.value
    }

    /// The first value of a name as text; what is not UTF-8 becomes U+FFFD.
    func text(_ name: String) -> String? {
        bytes(name).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Percent-encoding (RFC 3986, section 2.1).
enum PercentEncoding {
    /// Resolves escapes. Nil where a `%` is not followed by two hexadecimal digits.
    static func decode(_ bytes: some Collection<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                    return nil
                }
                result.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: result.append(UInt8(ascii: " "))
            default: result.append(byte)
            }
        }
        return result
    }

    /// Escapes what may not stand in a request line: blanks, control characters and what is not ASCII.
    static func encode(_ bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in bytes {
            if byte > 0x20, byte < 0x7f {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
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
