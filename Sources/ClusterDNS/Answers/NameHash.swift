/// A hash of names on the wire in lower case. Its seed is chosen at random, so that nobody can choose names that collide.
struct NameHash: Sendable {
    private let seed: UInt64
    /// The bits of a hash that count; fewer than all only where collisions are tested.
    private let mask: UInt64

    init(seed: UInt64 = .random(in: .min ... .max), mask: UInt64 = .max) {
        self.seed = seed
        self.mask = mask
    }

    private static let multiplier: UInt64 = 0x9e37_79b9_7f4a_7c15

    @inline(__always)
    func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
        var state = seed ^ UInt64(truncatingIfNeeded: name.count)
        var place = 0
        while place + 8 <= name.count {
            state = Self.mix(state, name.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            place += 8
        }
        var rest: UInt64 = 0
        while place < name.count {
            rest = rest << 8 | UInt64(name[place])
            place += 1
        }
        return Self.mix(Self.mix(state, rest), Self.multiplier) & mask
    }

    func hash(_ name: ArraySlice<UInt8>) -> UInt64 { name.withUnsafeBytes { hash($0) } }

    @inline(__always)
    private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let (high, low) = (state ^ word).multipliedFullWidth(by: multiplier)
        return high ^ low
    }
}
