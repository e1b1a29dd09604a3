extension Message {
    /// Reads a message, which fills the bytes whole.
    public init(decoding bytes: [UInt8]) throws(MessageError) {
        var reader = MessageReader(bytes)
        try self.init(id: reader.uint16())
        let flags = try reader.uint16()
        let counts = try (reader.uint16(), reader.uint16(), reader.uint16(), reader.uint16())
        takeFlags(flags)
        for _ in 0..<counts.0 {
            try questions.append(
                Question(
                    reader.name(), RecordType(rawValue: reader.uint16()), RecordClass(rawValue: reader.uint16())))
        }
        answers = try Self.records(counts.1, from: &reader)
        authorities = try Self.records(counts.2, from: &reader)
        try readAdditionals(counts.3, from: &reader)
        guard reader.remaining == 0 else { throw .trailingBytes(offset: reader.offset) }
    }

    private mutating func takeFlags(_ flags: UInt16) {
        isResponse = flags & Flag.response != 0
        operation = OperationCode(rawValue: UInt8(flags >> 11 & 15))
        isAuthoritative = flags & Flag.authoritative != 0
        isTruncated = flags & Flag.truncated != 0
        recursionDesired = flags & Flag.recursionDesired != 0
        recursionAvailable = flags & Flag.recursionAvailable != 0
        isAuthenticData = flags & Flag.authenticData != 0
        isCheckingDisabled = flags & Flag.checkingDisabled != 0
        responseCode = ResponseCode(rawValue: flags & 15)
    }

    private static func records(
        _ count: UInt16, from reader: inout MessageReader
    ) throws(MessageError) -> [ResourceRecord] {
        var records: [ResourceRecord] = []
        for _ in 0..<count {
            let start = reader.offset
            let head = try RecordHead(from: &reader)
            guard head.type != .opt else { throw .misplacedOPT(offset: start) }
            try records.append(head.record(from: &reader))
        }
        return records
    }

    private mutating func readAdditionals(_ count: UInt16, from reader: inout MessageReader) throws(MessageError) {
        for _ in 0..<count {
            let start = reader.offset
            let head = try RecordHead(from: &reader)
            guard head.type == .opt else {
                try additionals.append(head.record(from: &reader))
                continue
            }
            guard edns == nil, head.name.isRoot else { throw .misplacedOPT(offset: start) }
            edns = EDNS(
                payloadSize: head.recordClass, version: UInt8(truncatingIfNeeded: head.timeToLive >> 16),
                wantsDNSSEC: head.timeToLive & 0x8000 != 0,
                options: try Self.options(length: head.length, from: &reader))
            let high = UInt16(truncatingIfNeeded: head.timeToLive >> 24)
            responseCode = ResponseCode(rawValue: high << 4 | responseCode.rawValue)
        }
    }

    private static func options(
        length: Int, from reader: inout MessageReader
    ) throws(MessageError) -> [EDNS.Option] {
        let start = reader.offset
        guard reader.remaining >= length else { throw .truncated(offset: reader.bytes.count) }
        let end = start + length
        var options: [EDNS.Option] = []
        while reader.offset < end {
            let code = try reader.uint16()
            let count = try reader.uint16()
            try options.append(EDNS.Option(code: code, data: reader.take(Int(count))))
        }
        guard reader.offset == end else { throw .wrongDataLength(.opt, offset: start) }
        return options
    }
}

/// The bits of a header's second word (RFC 1035, section 4.1.1; RFC 4035, section 3).
enum Flag {
    static let response: UInt16 = 0x8000
    static let authoritative: UInt16 = 0x0400
    static let truncated: UInt16 = 0x0200
    static let recursionDesired: UInt16 = 0x0100
    static let recursionAvailable: UInt16 = 0x0080
    static let authenticData: UInt16 = 0x0020
    static let checkingDisabled: UInt16 = 0x0010
}

/// A record up to its data.
private struct RecordHead {
    let name: DomainName
    let type: RecordType
    let recordClass: UInt16
    let timeToLive: UInt32
    let length: Int

    init(from reader: inout MessageReader) throws(MessageError) {
        name = try reader.name()
        type = try RecordType(rawValue: reader.uint16())
        recordClass = try reader.uint16()
        timeToLive = try reader.uint32()
        length = try Int(reader.uint16())
    }

    func record(from reader: inout MessageReader) throws(MessageError) -> ResourceRecord {
        try ResourceRecord(
            name, RecordClass(rawValue: recordClass), timeToLive: timeToLive,
            RecordData.read(type, length: length, from: &reader))
    }
}
