/// A place in a JSON document (RFC 6901), such as `/spec/ports/0/port`.
public struct JSONPointer: Hashable, Sendable {
    /// The names of fields and indices of elements on the way, unescaped; none for the whole document.
    public let tokens: [String]

    /// Reads the text form; `~1` stands for a slash and `~0` for a tilde.
    ///
    /// - Throws: `APIStatus` (400) where the text is not empty and does not begin with a slash, where a tilde is
    ///   followed by anything else, or where it is deeper than a document can be.
    public init(parsing text: String) throws(APIStatus) {
        if text.isEmpty {
            tokens = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw .badRequest("jsonpatch path \"\(text.prefix(200))\" must be empty or start with \"/\"")
        }
        let parts = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count <= JSONValue.largestDepth else {
            throw .badRequest(
                "jsonpatch path \"\(text.prefix(200))...\" is deeper than \(JSONValue.largestDepth) levels")
        }
        var tokens: [String] = []
        for part in parts {
            guard let token = Self.unescaped(part) else {
                throw .badRequest("jsonpatch path \"\(text.prefix(200))\" has a \"~\" that is not \"~0\" or \"~1\"")
            }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    init(tokens: [String]) { self.tokens = tokens }

    private static func unescaped(_ part: Substring.UTF8View) -> String? {
        guard part.contains(UInt8(ascii: "~")) else { return String(decoding: part, as: UTF8.self) }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in part {
            switch (isEscaped, byte) {
            case (false, UInt8(ascii: "~")):
                isEscaped = true
                continue
            case (false, _): bytes.append(byte)
            case (true, UInt8(ascii: "0")): bytes.append(UInt8(ascii: "~"))
            case (true, UInt8(ascii: "1")): bytes.append(UInt8(ascii: "/"))
            default: return nil
            }
            isEscaped = false
        }
        return isEscaped ? nil : String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The text form.
    public var description: String {
        tokens.map { token in
            var text = "/"
            for character in token.unicodeScalars {
                switch character {
                case "~": text += "~0"
                case "/": text += "~1"
                default: text.unicodeScalars.append(character)
                }
            }
            return text
        }.joined()
    }
}
