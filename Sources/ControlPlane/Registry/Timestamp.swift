import Glibc

/// Times as the API writes them: RFC 3339 in UTC, to the second (meta/v1 Time).
enum Timestamp {
    /// The time so many seconds from now.
    static func now(plus seconds: Int64 = 0) -> String { text(Int64(time(nil)) &+ min(seconds, 1 << 40)) }

    /// The text of a time in seconds since 1970.
    static func text(_ seconds: Int64) -> String {
        var moment = time_t(seconds)
        var parts = tm()
        gmtime_r(&moment, &parts)
        func digits(_ number: Int32, _ count: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))T"
            + "\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))Z"
    }
}
