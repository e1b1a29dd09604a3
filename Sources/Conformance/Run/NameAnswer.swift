import DNSMessage

/// What came of a question for a name.
struct NameAnswer: Sendable {
    /// The response code; nil where the C library does not tell.
    var code: String?
    /// The records, such as `A 10.96.0.10`.
    var records: [String] = []
    /// For how long they may be kept, in seconds.
    var timesToLive: [Int] = []
    var isTruncated = false
    var hasAuthority = false
    /// The answer's length in bytes.
    var length = 0
    /// Why there is none: nobody answered.
    var silence: String?

    init() {}

    init(silence: String) { self.silence = silence }

    init(_ message: Message, length: Int) {
        code = "\(message.responseCode)"
        records = message.answers.map { "\($0.type) \($0.data)" }
        timesToLive = message.answers.map { Int($0.timeToLive) }
        isTruncated = message.isTruncated
        hasAuthority = message.authorities.contains { $0.type == .soa }
        self.length = length
    }

    /// What is not as it has to be, as the end of a sentence; nil where all is.
    func difference(from expected: ExpectedAnswer) -> String? {
        if let silence { return silence }
        if let code, !expected.codes.isEmpty, !expected.codes.contains(code) {
            return "\(code), expected \(expected.codes.joined(separator: " or "))"
        }
        if let wanted = expected.records, !Self.matches(records, wanted) {
            return "\(Self.text(records)), expected \(Self.text(wanted))"
        }
        if let count = expected.count, records.count != count { return "\(records.count) records, expected \(count)" }
        if let wanted = expected.isTruncated, wanted != isTruncated {
            return "it is \(isTruncated ? "" : "not ")marked as cut off, with \(records.count) records"
        }
        if let longest = expected.longest, length > longest { return "\(length) bytes, expected at most \(longest)" }
        if let range = expected.timeToLive, let wrong = timesToLive.first(where: { !range.contains($0) }) {
            return "a record may be kept for \(wrong) s, expected \(range.lowerBound) to \(range.upperBound)"
        }
        if let wanted = expected.hasAuthority, wanted != hasAuthority {
            return wanted ? "no SOA says for how long that is so" : "there is a SOA"
        }
        return nil
    }

    /// The answer in a few words.
    var summary: String {
        silence ?? [code, Self.text(records), isTruncated ? "cut off" : nil].compactMap(\.self).joined(separator: ", ")
    }

    private static func text(_ records: [String]) -> String {
        guard !records.isEmpty else { return "no record" }
        let shown = records.sorted().prefix(8).joined(separator: "; ")
        return records.count > 8 ? "\(shown) and \(records.count - 8) more" : shown
    }

    /// Whether each record is one of those wanted, and the other way round.
    private static func matches(_ records: [String], _ wanted: [String]) -> Bool {
        guard records.count == wanted.count else { return false }
        var left = records
        // What is said exactly takes its record first.
        for pattern in wanted.sorted(by: { !$0.contains("*") && $1.contains("*") }) {
            guard let index = left.firstIndex(where: { matches($0, pattern) }) else { return false }
            left.remove(at: index)
        }
        return true
    }

    private static func matches(_ record: String, _ pattern: String) -> Bool {
        let words = record.lowercased().split(separator: " ")
        let wanted = pattern.lowercased().split(separator: " ")
        return words.count == wanted.count && zip(words, wanted).allSatisfy { $1 == "*" || $0 == $1 }
    }
}
