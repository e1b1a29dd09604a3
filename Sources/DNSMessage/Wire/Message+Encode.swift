internal import Addressing

extension Message {
    /// The message on the wire, names compressed, in at most so many bytes.
    ///
    /// What does not fit is left out a whole record at a time, and TC is set unless only additional records are missing
    /// (RFC 2181, section 9). The questions and the OPT record are always there: the limit must leave room for them.
    public func encoded(limit: Int = Message.longest) -> [UInt8] {
        var writer = MessageWriter()
        writer.append(id)
        writer.append(flags)
        for count in [questions.count, 0, 0, 0] { writer.append(UInt16(clamping: count)) }
        for question in questions.prefix(Int(UInt16.max)) {
            writer.append(compressing: question.name)
            writer.append(question.type.rawValue)
            writer.append(question.recordClass.rawValue)
        }
        let room = limit - (edns?.encodedLength ?? 0)
        let answerCount = writer.append(answers, within: room)
        var isCut = answerCount < answers.count
        let authorityCount = isCut ? 0 : writer.append(authorities, within: room)
        isCut = isCut || authorityCount < authorities.count
        var additionalCount = isCut ? 0 : writer.append(additionals, within: room)
        if let edns {
            writer.append(edns, responseCode)
            additionalCount += 1
        }
        writer.set(UInt16(clamping: answerCount), at: 6)
        writer.set(UInt16(clamping: authorityCount), at: 8)
        writer.set(UInt16(clamping: additionalCount), at: 10)
        if isCut { writer.set(flags | Flag.truncated, at: 2) }
        return writer.bytes
    }

    private var flags: UInt16 {
        var flags = UInt16(operation.rawValue) << 11 | responseCode.rawValue & 15
        if isResponse { flags |= Flag.response }
        if isAuthoritative { flags |= Flag.authoritative }
        if isTruncated { flags |= Flag.truncated }
        if recursionDesired { flags |= Flag.recursionDesired }
        if recursionAvailable { flags |= Flag.recursionAvailable }
        if isAuthenticData { flags |= Flag.authenticData }
        if isCheckingDisabled { flags |= Flag.checkingDisabled }
        return flags
    }
}

extension EDNS {
    fileprivate var encodedLength: Int { 11 + options.reduce(0) { $0 + 4 + $1.data.count } }
}

extension MessageWriter {
    /// Writes records up to the first that does not fit; says how many it wrote.
    fileprivate mutating func append(_ records: [ResourceRecord], within limit: Int) -> Int {
        for (index, record) in records.enumerated() {
            let start = bytes.count
            guard index < Int(UInt16.max), append(record), bytes.count <= limit else {
                truncate(to: start)
                return index
            }
        }
        return records.count
    }

    /// Writes a record; false where its data are longer than a record's can be.
    private mutating func append(_ record: ResourceRecord) -> Bool {
        append(compressing: record.name)
        append(record.type.rawValue)
        append(record.recordClass.rawValue)
        append(record.timeToLive)
        let place = bytes.count
        append(UInt16(0))
        append(record.data)
        let length = bytes.count - place - 2
        set(UInt16(clamping: length), at: place)
        return length <= Int(UInt16.max)
    }

    private mutating func append(_ data: RecordData) {
        switch data {
        case .a(let address): append(address.rawValue)
        case .aaaa(let address): append(IPAddress.v6(address).bytes)
        case .cname(let name), .ns(let name), .ptr(let name): append(compressing: name)
        case .soa(let soa):
            append(compressing: soa.primary)
            append(compressing: soa.mailbox)
            for number in [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum] { append(number) }
        case .srv(let service):
            for number in [service.priority, service.weight, service.port] { append(number) }
            // RFC 2782: the target is not to be compressed.
            append(service.target.wire)
        case .txt(let texts):
            for text in texts { append(text: text) }
        case .other(_, let bytes): append(bytes)
        }
    }

    private mutating func append(text: [UInt8]) {
        var rest = text[...]
        repeat {
            let part = rest.prefix(255)
            append(UInt8(part.count))
            append(part)
            rest = rest.dropFirst(255)
        } while !rest.isEmpty
    }

    fileprivate mutating func append(_ edns: EDNS, _ code: ResponseCode) {
        append(UInt8(0))
        append(RecordType.opt.rawValue)
        append(edns.payloadSize)
        append(UInt8(code.rawValue >> 4))
        append(edns.version)
        append(UInt16(edns.wantsDNSSEC ? 0x8000 : 0))
        append(UInt16(clamping: edns.encodedLength - 11))
        for option in edns.options {
            append(option.code)
            append(UInt16(clamping: option.data.count))
            append(option.data)
        }
    }
}
