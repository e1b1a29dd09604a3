/// The answers that a name has, as they stand behind the question in a message, in one block of memory.
///
///     name's length | sets | a head for each set | the name, in lower case | each set's answers, its additional records
///
/// The owner of an answer is a pointer to the question's name, which is always at the same place. That of an additional
/// record points into the answers, whose place follows from the length of the name.
struct NameAnswers: Hashable, Sendable {
    private let bytes: [UInt8]

    /// The records of one type.
    struct Set {
        let type: UInt16
        let answerCount: Int
        let additionalCount: Int
        /// Whether there are more answers than any message can hold.
        let isCut: Bool
        let answers: Range<Int>
        let additionals: Range<Int>
    }

    private static let headLength = 16

    init(name: [UInt8], sets: [RecordSet]) {
        var bytes: [UInt8] = []
        var length = 2 + name.count
        for set in sets { length += Self.headLength + set.answers.count + set.additionals.count }
        bytes.reserveCapacity(length)
        bytes.append(UInt8(name.count))
        bytes.append(UInt8(sets.count))
        for set in sets {
            bytes.append(number: UInt32(set.type.rawValue) << 16 | UInt32(set.answerCount))
            bytes.append(number: UInt32(set.additionalCount) << 16 | (set.isCut ? 1 : 0))
            bytes.append(number: UInt32(truncatingIfNeeded: set.answers.count))
            bytes.append(number: UInt32(truncatingIfNeeded: set.additionals.count))
        }
        bytes += name
        for set in sets {
            bytes += set.answers
            bytes += set.additionals
        }
        self.bytes = bytes
    }

    /// The name, in lower case.
    var name: ArraySlice<UInt8> {
        let start = 2 + Int(bytes[1]) * Self.headLength
        return bytes[start..<start + Int(bytes[0])]
    }

    /// Whether these are the answers of a name, which is in lower case.
    @inline(__always)
    func isOf(_ name: UnsafeRawBufferPointer) -> Bool {
        withUnsafeBytes { bytes in
            guard Int(bytes[0]) == name.count else { return false }
            let start = 2 + Int(bytes[1]) * Self.headLength
            return UnsafeRawBufferPointer(rebasing: bytes[start..<start + name.count]).isEqual(to: name)
        }
    }

    /// Whether the name has no records.
    var isEmpty: Bool { bytes[1] == 0 }

    @inline(__always)
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes(body)
    }

    /// The records of a type, the first ones for nil.
    @inline(__always)
    func set(_ type: UInt16?) -> Set? {
        withUnsafeBytes { bytes in
            let count = Int(bytes[1])
            var start = 2 + count * Self.headLength + Int(bytes[0])
            for index in 0..<count {
                let head = 2 + index * Self.headLength
                let answers = start..<start + Int(bytes.uint32(head + 8))
                let additionals = answers.upperBound..<answers.upperBound + Int(bytes.uint32(head + 12))
                let own = bytes.uint16(head)
                if type ?? own == own {
                    return Set(
                        type: own, answerCount: Int(bytes.uint16(head + 2)),
                        additionalCount: Int(bytes.uint16(head + 4)), isCut: bytes.uint16(head + 6) != 0,
                        answers: answers, additionals: additionals)
                }
                start = additionals.upperBound
            }
            return nil
        }
    }
}
