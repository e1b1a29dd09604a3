internal import DNSMessage

/// An answer that is written over its query: header and question stay where they are, records follow.
struct Reply {
    private let buffer: UnsafeMutableRawBufferPointer
    private let query: Query
    /// Where the next record begins.
    private(set) var place: Int
    /// Where records have to end.
    private let end: Int
    private var counts: (answers: UInt16, authorities: UInt16, additionals: UInt16) = (0, 0, 0)
    private(set) var isTruncated = false

    private static let optLength = 11

    /// - Parameter limit: the most bytes of the whole message.
    init(to query: Query, in buffer: UnsafeMutableRawBufferPointer, limit: Int) {
        self.buffer = buffer
        self.query = query
        place = query.end
        end = min(limit, buffer.count) - (query.edns == nil ? 0 : Self.optLength)
    }

    /// Appends the answers of a set, as many as there is room for, and its additional records where there is room for
    /// all. Owners are pointers to the question's name unless they are told to be elsewhere.
    mutating func append(_ set: NameAnswers.Set, of answers: NameAnswers, from first: Int, owner: Int? = nil) {
        guard set.answerCount > 0 else { return }
        answers.withUnsafeBytes { bytes in
            let start = place
            let records = UnsafeRawBufferPointer(rebasing: bytes[set.answers])
            if set.type == RecordType.a.rawValue || set.type == RecordType.aaaa.rawValue {
                appendEqual(records, set.answerCount, first)
            } else {
                appendOthers(records, set.answerCount)
            }
            isTruncated = isTruncated || set.isCut
            if let owner { move(from: start, to: owner) }
            let additionals = bytes[set.additionals]
            guard owner == nil, !isTruncated, additionals.count <= end - place else { return }
            copy(UnsafeRawBufferPointer(rebasing: additionals))
            counts.additionals += UInt16(set.additionalCount)
        }
    }

    /// Appends records of the same length, beginning with one and going round.
    private mutating func appendEqual(_ records: UnsafeRawBufferPointer, _ count: Int, _ first: Int) {
        let length = records.count / count
        let fitting = min(count, max(0, end - place) / length)
        let first = count > 1 ? first % count : 0
        let before = min(fitting, count - first)
        copy(UnsafeRawBufferPointer(rebasing: records[first * length..<(first + before) * length]))
        copy(UnsafeRawBufferPointer(rebasing: records[..<((fitting - before) * length)]))
        counts.answers += UInt16(fitting)
        isTruncated = isTruncated || fitting < count
    }

    /// Appends records up to the first that does not fit.
    private mutating func appendOthers(_ records: UnsafeRawBufferPointer, _ count: Int) {
        var length = 0
        var fitting = 0
        while fitting < count {
            let next = length + 12 + Int(records.uint16(length + 10))
            guard next <= end - place else { break }
            (length, fitting) = (next, fitting + 1)
        }
        copy(UnsafeRawBufferPointer(rebasing: records[..<length]))
        counts.answers += UInt16(fitting)
        isTruncated = isTruncated || fitting < count
    }

    /// Makes the records from a place on those of a name that is elsewhere in the message.
    private func move(from start: Int, to owner: Int) {
        let bytes = UnsafeRawBufferPointer(buffer)
        var record = start
        while record < place {
            store(0xc000 | UInt16(owner), at: record)
            record += 12 + Int(bytes.uint16(record + 10))
        }
    }

    /// Appends an answer whose owner is the question's name, or a name elsewhere.
    mutating func append(
        _ type: RecordType, timeToLive: UInt32, _ data: UnsafeRawBufferPointer, owner: Int = Message.headerLength
    ) {
        if append(owner: owner, type, timeToLive, data) { counts.answers += 1 } else { isTruncated = true }
    }

    /// Appends a record to the authority section.
    mutating func append(authority type: RecordType, timeToLive: UInt32, _ data: UnsafeRawBufferPointer, owner: Int) {
        if append(owner: owner, type, timeToLive, data) { counts.authorities += 1 } else { isTruncated = true }
    }

    private mutating func append(
        owner: Int, _ type: RecordType, _ timeToLive: UInt32, _ data: UnsafeRawBufferPointer
    ) -> Bool {
        guard 12 + data.count <= end - place else { return false }
        append(0xc000 | UInt16(owner))
        append(type.rawValue)
        append(RecordClass.internet.rawValue)
        append(timeToLive)
        append(UInt16(data.count))
        copy(data)
        return true
    }

    /// Completes the message.
    ///
    /// - Returns: its length.
    mutating func finish(_ code: ResponseCode, isAuthoritative: Bool, offersRecursion: Bool) -> Int {
        if let edns = query.edns {
            append(UInt8(0))
            append(RecordType.opt.rawValue)
            append(UInt16(Self.payloadSize))
            append(UInt8(code.rawValue >> 4))
            append(UInt8(0))
            append(UInt16(edns.wantsDNSSEC ? 0x8000 : 0))
            append(UInt16(0))
            counts.additionals += 1
        }
        var flags = 0x8000 | query.flags & 0x0110 | code.rawValue & 15
        if isAuthoritative { flags |= 0x0400 }
        if isTruncated { flags |= 0x0200 }
        if offersRecursion { flags |= 0x0080 }
        store(flags, at: 2)
        store(counts.answers, at: 6)
        store(counts.authorities, at: 8)
        store(counts.additionals, at: 10)
        return place
    }

    /// The answer to a query whose question cannot be told: a header.
    static func bare(_ code: ResponseCode, in buffer: UnsafeMutableRawBufferPointer) -> Int {
        let flags = UnsafeRawBufferPointer(buffer).uint16(2)
        let header = [0x8000 | flags & 0x7900 | code.rawValue, 0, 0, 0, 0]
        for (index, word) in header.enumerated() {
            buffer.storeBytes(of: word.bigEndian, toByteOffset: 2 + 2 * index, as: UInt16.self)
        }
        return Message.headerLength
    }

    /// The largest UDP payload that passes everywhere in one packet (DNS flag day 2020).
    static let payloadSize = 1232

    private mutating func copy(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 0 else { return }
        UnsafeMutableRawBufferPointer(rebasing: buffer[place..<place + bytes.count]).copyMemory(from: bytes)
        place += bytes.count
    }

    private func store(_ number: UInt16, at place: Int) {
        buffer.storeBytes(of: number.bigEndian, toByteOffset: place, as: UInt16.self)
    }

    private mutating func append(_ number: UInt8) {
        buffer[place] = number
        place += 1
    }

    private mutating func append(_ number: UInt16) {
        store(number, at: place)
        place += 2
    }

    private mutating func append(_ number: UInt32) {
        append(UInt16(number >> 16))
        append(UInt16(truncatingIfNeeded: number))
    }
}
