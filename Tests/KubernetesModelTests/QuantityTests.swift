import KubernetesModel
import Testing

@Suite("Quantities")
struct QuantityTests {
    @Test(
        "an amount reads with its suffix",
        arguments: [
            ("1", 1_000_000_000), ("100m", 100_000_000), ("0.5", 500_000_000), ("1k", 1_000_000_000_000),
            ("1Ki", 1_024_000_000_000), ("1.5Gi", 1_610_612_736_000_000_000), ("1e3", 1_000_000_000_000),
            ("1E-3", 1_000_000), ("-2", -2_000_000_000), ("+.5", 500_000_000), ("0", 0), ("000.000", 0), ("1n", 1),
            ("0.1n", 1), ("2E", 2_000_000_000_000_000_000_000_000_000 as Int128),
        ] as [(String, Int128)])
    func amounts(text: String, nanos: Int128) throws {
        #expect(try Quantity(text).nanos == nanos)
    }

    @Test("amounts beyond 2^63 - 1 count as that")
    func limit() throws {
        let limit = try Quantity("9223372036854775807")
        for text in ["9E", "8Ei", "1e400", "99999999999999999999999999999999999999", "1e999999"] {
            #expect(try Quantity(text) <= limit)
        }
        #expect(try Quantity("8Ei") == limit)
        #expect(try Quantity("1e400") == limit)
        #expect(try Quantity("1e-400").nanos == 1)
    }

    @Test(
        "what is no amount is refused",
        arguments: [
            ("", Quantity.Fault.format), ("m", .format), ("-", .format), (".", .number), ("1.2.3", .number),
            ("1 ", .suffix), ("1kk", .suffix), ("1e", .suffix), ("1Zi", .suffix), ("0x10", .suffix),
        ])
    func refusals(text: String, fault: Quantity.Fault) {
        #expect(throws: fault) { try Quantity(text) }
    }
}
