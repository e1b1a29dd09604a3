/// What nft and its text hold as a comment.
public enum Comment {
    /// NFTNL_UDATA_COMMENT_MAXLEN
    static let longest = 128

    /// Whether a byte may be in a comment: nft's strings have no escapes.
    static func allows(_ byte: UInt8) -> Bool { byte >= 32 && byte != 127 && byte != UInt8(ascii: "\"") }

    /// Whether a text is a comment. Comments come with elements, by the ten thousand.
    static func isValid(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { (1...longest).contains($0.count) && $0.allSatisfy(allows) }
    }

    /// The text as a comment: shortened where it is too long, and without what a comment cannot hold; nil where nothing
    /// is left.
    public static func fitting(_ text: String) -> String? {
        if isValid(text) { return text }
        let allowed = text.filter { $0.utf8.allSatisfy(allows) }
        if allowed.utf8.count <= longest { return allowed.isEmpty ? nil : allowed }
        var short = ""
        for character in allowed {
            guard short.utf8.count + character.utf8.count + 3 <= longest else { break }
            short.append(character)
        }
        return short + "..."
    }
}
