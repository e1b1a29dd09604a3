import KubernetesModel

/// A short name for something long: equal things have equal names, at every start (FNV-1a with 128 bits).
struct NameDigest {
    private var state: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d

    /// Adds a text, with its length, so that neighbours do not run together.
    mutating func add(_ text: String) {
        var text = text
        add("\(text.utf8.count):".utf8)
        text.withUTF8 { add($0) }
    }

    /// Adds a selector's conditions, whose order means nothing.
    mutating func add(_ selector: LabelSelector) {
        let conditions = Set(selector.requirements).map { requirement in
            [requirement.key, requirement.comparison.rawValue] + requirement.values.sorted()
        }
        add("\(conditions.count)")
        for condition in conditions.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            add("\(condition.count)")
            for part in condition { add(part) }
        }
    }

    private mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            state ^= UInt128(byte)
            state &*= 0x0000_0000_0100_0000_0000_0000_0000_013b
        }
    }

    /// 32 hexadecimal digits.
    var text: String {
        // In halves: the standard library divides 128 bits slowly.
        [state >> 64, state].map { half in
            let digits = String(UInt64(truncatingIfNeeded: half), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
