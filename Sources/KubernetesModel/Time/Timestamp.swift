/// A moment as the API writes it (RFC 3339): meta/v1 Time to the second, MicroTime to the microsecond, always UTC.
public struct Timestamp: Hashable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let microseconds: Int64

    /// A moment, in microseconds since 1970-01-01T00:00:00Z.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// A moment, in seconds since 1970-01-01T00:00:00Z.
    public init(seconds: Int64) { microseconds = seconds.multipliedReportingOverflow(by: 1_000_000).partialValue }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    public var seconds: Int64 {
        microseconds / 1_000_000 - (microseconds % 1_000_000 < 0 ? 1 : 0)
    }

    /// MicroTime: `2026-01-02T03:04:05.000006Z`.
    public var microText: String {
        let fraction = microseconds - seconds * 1_000_000
        return "\(date)T\(clock).\(Self.padded(fraction, 6))Z"
    }

    /// `2026-01-02T03:04:05Z`, of years with four digits.
    private static func text(of civil: CivilTime) -> String {
        String(unsafeUninitializedCapacity: 20) { bytes in
            func write(_ number: Int64, _ digits: Int, at place: Int) {
                var rest = number
                for offset in stride(from: digits - 1, through: 0, by: -1) {
                    bytes[place + offset] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
            }
            for (place, separator) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "Z")]
                as [(Int, Unicode.Scalar)]
            {
                bytes[place] = UInt8(ascii: separator)
            }
            write(civil.year, 4, at: 0)
            write(civil.month, 2, at: 5)
            write(civil.day, 2, at: 8)
            write(civil.hour, 2, at: 11)
            write(civil.minute, 2, at: 14)
            write(civil.second, 2, at: 17)
            return 20
        }
    }

    var civil: CivilTime { CivilTime(seconds: seconds) }

    private var date: String {
        let civil = civil
        return "\(Self.padded(civil.year, 4))-\(Self.padded(civil.month, 2))-\(Self.padded(civil.day, 2))"
    }

    private var clock: String {
        let civil = civil
        return "\(Self.padded(civil.hour, 2)):\(Self.padded(civil.minute, 2)):\(Self.padded(civil.second, 2))"
    }

    /// As `kubectl describe` shows it (RFC 1123 with a numeric zone): `Fri, 02 Jan 2026 03:04:05 +0000`.
    var longText: String {
        let civil = civil
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let (day, month) = (days[Int(civil.weekday)], months[Int(civil.month) - 1])
        return "\(day), \(Self.padded(civil.day, 2)) \(month) \(Self.padded(civil.year, 4)) \(clock) +0000"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Timestamp: Comparable {
    /// Whether one moment is before another.
    public static func < (one: Timestamp, other: Timestamp) -> Bool { one.microseconds < other.microseconds }
}

extension Timestamp: CustomStringConvertible {
    /// Time: `2026-01-02T03:04:05Z`.
    public var description: String {
        let civil = civil
        return (0...9_999).contains(civil.year) ? Self.text(of: civil) : "\(date)T\(clock)Z"
    }
}

extension Timestamp {
    /// Reads a moment as Go's `time.RFC3339` does: with or without a fraction of a second, with `Z` or an offset.
    /// Digits behind the microsecond are dropped. Nil where it is none.
    public init?(parsing text: String) {
        var reader = TimestampReader(bytes: Array(text.utf8))
        guard let moment = reader.read() else { return nil }
        self = moment
    }
}

private struct TimestampReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func read() -> Timestamp? {
        guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2), take("T"),
            let hour = number(2), take(":"), let minute = number(2), take(":"), let second = number(2),
            (1...12).contains(month), (1...CivilTime.days(in: month, of: year)).contains(day), hour < 24, minute < 60,
            second < 60, let fraction = fraction(), let offset = offset(), position == bytes.count
        else { return nil }
        let days = CivilTime.daysSinceEpoch(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
        return Timestamp(microseconds: seconds * 1_000_000 + fraction)
    }

    private mutating func number(_ digits: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    private mutating func digit() -> Int64? {
        guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) else {
            return nil
        }
        defer { position += 1 }
        return Int64(bytes[position] - UInt8(ascii: "0"))
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Microseconds; 0 where there is no fraction.
    private mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        guard var fraction = digit() else { return nil }
        var count = 1
        while let digit = digit() {
            if count < 6 {
                fraction = fraction * 10 + digit
                count += 1
            }
        }
        while count < 6 {
            fraction *= 10
            count += 1
        }
        return fraction
    }

    /// The zone's seconds east of Greenwich.
    private mutating func offset() -> Int64? {
        if take("Z") { return 0 }
        let isEast = take("+")
        guard isEast || take("-"), let hours = number(2), take(":"), let minutes = number(2), hours <= 24, minutes < 60
        else { return nil }
        return (isEast ? 1 : -1) * (hours * 3_600 + minutes * 60)
    }
}

extension Timestamp {
    /// Reads a field of the API; nil where it is absent or no moment.
    public init?(_ value: JSONValue?) {
        guard let text = value?.string else { return nil }
        self.init(parsing: text)
    }
}
