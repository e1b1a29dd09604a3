/// A sum of quantities, as far as sums and shares of them are shown.
struct ResourceAmount: CustomStringConvertible {
    private var nanos: Int128 = 0
    private var isBinary = false

    init() {}

    /// A quantity; nothing where the value is none.
    init(_ value: JSONValue) {
        let text = value.plainText
        guard let quantity = try? Quantity(text) else { return }
        nanos = quantity.nanos
        isBinary = text.hasSuffix("i")
    }

    mutating func add(_ other: ResourceAmount) {
        if nanos == 0 { isBinary = other.isBinary }
        nanos += other.nanos
    }

    /// How many hundredths of another amount this is; 0 where that is nothing.
    func percentage(of whole: ResourceAmount) -> Int128 {
        whole.nanos > 0 ? nanos * 100 / whole.nanos : 0
    }

    /// The amount in thousandths, or in the largest unit that leaves a whole number.
    var description: String {
        let thousandths = nanos / 1_000_000 + (nanos % 1_000_000 > 0 ? 1 : 0)
        if thousandths % 1_000 != 0 { return "\(thousandths)m" }
        let (step, suffixes): (Int128, [String]) =
            isBinary ? (1_024, ["", "Ki", "Mi", "Gi", "Ti", "Pi"]) : (1_000, ["", "k", "M", "G", "T", "P"])
        var (rest, index) = (thousandths / 1_000, 0)
        while rest != 0, rest % step == 0, index < suffixes.count - 1 {
            rest /= step
            index += 1
        }
        return "\(rest)\(suffixes[index])"
    }
}
