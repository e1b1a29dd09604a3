/// How long ago something was, in kubectl's words.
public enum Age {
    /// The time since a moment of the API as the columns of `kubectl get` show it (apimachinery's HumanDuration), such
    /// as `5s`, `2m3s`, `4h`, `3d2h`; `<unknown>` where there is no such moment.
    ///
    /// - Parameters:
    ///   - moment: RFC 3339, or nil.
    ///   - now: seconds since 1970-01-01T00:00:00Z.
    public static func text(since moment: String?, now: Int64) -> String {
        guard let moment, let then = Timestamp(parsing: moment) else { return "<unknown>" }
        return text(seconds: now - then.seconds)
    }

    /// A duration with two units where the second one matters.
    static func text(seconds: Int64) -> String {
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 120 { return "\(seconds)s" }
        let minutes = seconds / 60
        if minutes < 10 { return pair(minutes, "m", seconds % 60, "s") }
        if minutes < 180 { return "\(minutes)m" }
        let hours = minutes / 60
        if hours < 8 { return pair(hours, "h", minutes % 60, "m") }
        if hours < 48 { return "\(hours)h" }
        let days = hours / 24
        if days < 8 { return pair(days, "d", hours % 24, "h") }
        if days < 730 { return "\(days)d" }
        let years = days / 365
        return years < 8 ? pair(years, "y", days % 365, "d") : "\(years)y"
    }

    /// A duration in one unit (apimachinery's ShortHumanDuration).
    static func shortText(seconds: Int64) -> String {
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3_600 { return "\(seconds / 60)m" }
        if seconds < 86_400 { return "\(seconds / 3_600)h" }
        if seconds < 86_400 * 365 { return "\(seconds / 86_400)d" }
        return "\(seconds / 86_400 / 365)y"
    }

    private static func pair(_ one: Int64, _ unit: String, _ other: Int64, _ smaller: String) -> String {
        other == 0 ? "\(one)\(unit)" : "\(one)\(unit)\(other)\(smaller)"
    }
}
