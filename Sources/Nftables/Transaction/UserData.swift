/// What nft keeps beside an object for itself: a list of type, length and value, one byte each for the first two
/// (libnftnl/udata.h). The kernel stores it unread.
struct UserData {
    /// NFTNL_UDATA_*_COMMENT; sets have another number.
    static let comment: UInt8 = 0
    static let setKeyByteOrder: UInt8 = 0
    static let setDataByteOrder: UInt8 = 1
    static let setComment: UInt8 = 7

    private(set) var bytes: [UInt8] = []

    init() {}

    /// The data of a table, chain, rule or element with a comment; nil where there is none.
    init?(comment: String?) {
        guard let comment else { return nil }
        append(Self.comment, string: comment)
    }

    /// The comment of an element; nil where it has none.
    static func comment(in data: ArraySlice<UInt8>) -> String? {
        var rest = data
        while let type = rest.first, let length = rest.dropFirst().first {
            let value = rest.dropFirst(2).prefix(Int(length))
            if type == comment { return String(decoding: value.prefix { $0 != 0 }, as: UTF8.self) }
            rest = rest.dropFirst(2 + Int(length))
        }
        return nil
    }

    mutating func append(_ type: UInt8, _ number: UInt32) {
        bytes += [type, 4]
        withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
    }

    /// A string of at most 128 bytes with its closing NUL.
    mutating func append(_ type: UInt8, string: String) {
        let text = string.utf8.prefix(254)
        bytes += [type, UInt8(text.count + 1)]
        bytes += text
        bytes.append(0)
    }
}
