import TestSupport
import Testing

@testable import KubernetesModel

@Suite("Time")
struct TimeTests {
    @Test(
        "a moment reads as RFC 3339 has it",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-01-02T03:04:05Z", 1_767_323_045),
            ("2026-01-02T03:04:05.123456789Z", 1_767_323_045), ("2026-01-02T05:04:05+02:00", 1_767_323_045),
            ("2000-02-29T23:59:59Z", 951_868_799), ("1969-12-31T23:59:59Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ])
    func parsing(text: String, seconds: Int64) {
        #expect(Timestamp(parsing: text)?.seconds == seconds)
    }

    @Test(
        "what is no moment is refused",
        arguments: [
            "", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "2026-13-02T03:04:05Z",
            "2026-02-29T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:60:05Z", "2026-01-02T03:04:60Z",
            "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05Zx", "2026-01-02T03:04:05+0200", "+026-01-02T03:04:05Z",
        ])
    func refusals(text: String) {
        #expect(Timestamp(parsing: text) == nil)
    }

    @Test("a moment is written as it was read, to the second and to the microsecond")
    func writing() {
        let moment = Timestamp(microseconds: 1_767_323_045_000_042)
        #expect(moment.description == "2026-01-02T03:04:05Z")
        #expect(moment.microText == "2026-01-02T03:04:05.000042Z")
        #expect(moment.longText == "Fri, 02 Jan 2026 03:04:05 +0000")
        #expect(Timestamp(microseconds: -1).microText == "1969-12-31T23:59:59.999999Z")
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let moment = Timestamp(
                microseconds: Int64.random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &generator))
            #expect(Timestamp(parsing: moment.microText) == moment, "seed 7: \(moment.microseconds)")
            #expect(Timestamp(parsing: moment.description)?.seconds == moment.seconds, "seed 7: \(moment.microseconds)")
        }
    }

    @Test(
        "ages are in kubectl's words",
        arguments: [
            (-5, "<invalid>", "<invalid>"), (-1, "0s", "0s"), (0, "0s", "0s"), (59, "59s", "59s"), (119, "119s", "1m"),
            (120, "2m", "2m"), (123, "2m3s", "2m"), (599, "9m59s", "9m"), (600, "10m", "10m"), (10_799, "179m", "2h"),
            (10_800, "3h", "3h"), (11_000, "3h3m", "3h"), (28_800, "8h", "8h"), (172_799, "47h", "1d"),
            (172_800, "2d", "2d"), (266_400, "3d2h", "3d"), (691_200, "8d", "8d"), (63_072_000, "2y", "2y"),
            (63_158_400, "2y1d", "2y"), (252_288_000, "8y", "8y"),
        ])
    func ages(seconds: Int64, text: String, short: String) {
        #expect(Age.text(seconds: seconds) == text)
        #expect(Age.shortText(seconds: seconds) == short)
    }

    @Test("without a moment the age is unknown")
    func unknown() {
        #expect(Age.text(since: nil, now: 5) == "<unknown>")
        #expect(Age.text(since: "yesterday", now: 5) == "<unknown>")
    }
}
