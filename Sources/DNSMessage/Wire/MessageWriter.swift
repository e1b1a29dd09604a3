/// Writes the parts of a message one after the other, and compresses names (RFC 1035, section 4.1.4).
struct MessageWriter {
    private(set) var bytes: [UInt8] = []
    /// Where each name that was written begins, and each of its ends, in lower case.
    private var places: [ArraySlice<UInt8>: Int] = [:]

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    mutating func append(_ data: some Sequence<UInt8>) { bytes += data }

    mutating func append(_ number: UInt16) {
        bytes.append(UInt8(number >> 8))
        bytes.append(UInt8(number & 255))
    }

    mutating func append(_ number: UInt32) {
        append(UInt16(number >> 16))
        append(UInt16(number & 0xffff))
    }

    mutating func set(_ number: UInt16, at place: Int) {
        bytes[place] = UInt8(number >> 8)
        bytes[place + 1] = UInt8(number & 255)
    }

    /// Writes a name, its end as a pointer where that was written before.
    mutating func append(compressing name: DomainName) {
        let wire = name.wire
        let key = name.lowercased.wire
        var place = 0
        while wire[place] != 0 {
            if let earlier = places[key[place...]] {
                append(UInt16(0xc000 | earlier))
                return
            }
            // A pointer has fourteen bits.
            if bytes.count < 0x4000 { places[key[place...]] = bytes.count }
            let next = place + 1 + Int(wire[place])
            bytes += wire[place..<next]
            place = next
        }
        bytes.append(0)
    }

    /// Takes back what was written after a place.
    mutating func truncate(to count: Int) {
        bytes.removeSubrange(count...)
        places = places.filter { $0.value < count }
    }
}
