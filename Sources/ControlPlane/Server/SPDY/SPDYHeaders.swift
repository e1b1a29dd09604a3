/// The compressed header fields of SPDY/3.1 (2.6.10): one zlib stream for all of a connection's, in each direction.
struct SPDYHeaders {
    /// The most bytes of one frame's header fields.
    private static let largest = 64 * 1024
    private var inflater = Inflater(dictionary: Self.dictionary, largest: Self.largest)
    private var isFirstRead = true
    private var isFirstWritten = true

    /// What both ends know beforehand (SPDY/3, 2.6.10.1): words with their lengths, and a text of frequent values.
    static let dictionary: [UInt8] = {
        let words =
            "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age "
            + "allow authorization cache-control connection content-base content-encoding content-language content-length "
            + "content-location content-md5 content-range content-type date etag expect expires from host if-match "
            + "if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma "
            + "proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade "
            + "user-agent vary via warning www-authenticate method get status"
        let others = ["200 OK", "version", "HTTP/1.1", "url", "public", "set-cookie", "keep-alive", "origin"]
        let text =
            "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 "
            + "Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 "
            + "Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr "
            + "May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,"
            + "image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,public"
            + "privatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
        return (words.split(separator: " ").map(String.init) + others).flatMap { word in
            bytes(UInt32(word.utf8.count)) + Array(word.utf8)
        } + Array(text.utf8)
    }()

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// The header fields of a frame, names in lower case.
    ///
    /// - Throws: `Inflater.Failure` where they cannot be read; nothing that follows can be then.
    mutating func read(_ block: some Collection<UInt8>) throws(Inflater.Failure) -> [String: String] {
        var block = block.dropFirst(0)
        if isFirstRead {
            // zlib's own header, and which dictionary it is.
            isFirstRead = false
            guard block.count >= 2, block.first.map({ $0 & 15 == 8 }) == true,
                let flags = block.dropFirst().first
            else { throw .malformed }
            block = block.dropFirst(flags & 0x20 == 0 ? 2 : 6)
        }
        let fields = try inflater.inflate(block)
        var rest = fields[...]
        var headers: [String: String] = [:]
        for _ in 0..<(try Self.number(&rest)) {
            let name = try Self.text(&rest).lowercased()
            headers[name] = try Self.text(&rest)
        }
        return headers
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) throws(Inflater.Failure) -> Int {
        guard rest.count >= 4 else { throw .malformed }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    private static func text(_ rest: inout ArraySlice<UInt8>) throws(Inflater.Failure) -> String {
        let count = try number(&rest)
        guard count <= rest.count else { throw .malformed }
        defer { rest = rest.dropFirst(count) }
        return String(decoding: rest.prefix(count), as: UTF8.self)
    }

    /// No header fields, as an answer has them: stored as they are, behind them the empty block that makes readers give
    /// what they have.
    mutating func writeNone() -> [UInt8] {
        let start: [UInt8] = isFirstWritten ? [0x78, 0x01] : []
        isFirstWritten = false
        return start + [0, 4, 0, 0xfb, 0xff, 0, 0, 0, 0] + [0, 0, 0, 0xff, 0xff]
    }
}
