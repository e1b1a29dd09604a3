internal import Addressing
internal import DNSMessage

/// The records of one type, before they are put together with others.
struct RecordSet {
    let type: RecordType
    private(set) var answerCount: UInt16 = 0
    private(set) var answers: [UInt8] = []
    private(set) var additionalCount: UInt16 = 0
    private(set) var additionals: [UInt8] = []
    private(set) var isCut = false

    init(_ type: RecordType) {
        self.type = type
    }

    var isEmpty: Bool { answerCount == 0 }

    /// Appends a record of the question's name; not where no message could hold it. Says where its data are.
    @discardableResult
    mutating func append(timeToLive: UInt32, _ data: some Collection<UInt8>) -> Int? {
        guard answers.count + 12 + data.count <= Message.longest, answerCount < .max else {
            isCut = true
            return nil
        }
        answers.append(owner: Message.headerLength, type, timeToLive: timeToLive, data)
        answerCount += 1
        return answers.count - data.count
    }

    /// Appends the address record of the set's type.
    mutating func append(timeToLive: UInt32, _ address: IPAddress) {
        withUnsafeBytes(of: address.bigEndian) { bytes in
            _ = append(timeToLive: timeToLive, bytes.suffix(address.family.bitWidth / 8))
        }
    }

    /// Appends an additional record, whose owner is written elsewhere in the message.
    ///
    /// - Parameter owner: the place in the message.
    mutating func append(additional type: RecordType, owner: Int, timeToLive: UInt32, _ data: some Collection<UInt8>) {
        guard owner < 0x4000, answers.count + additionals.count + 12 + data.count <= Message.longest else { return }
        additionals.append(owner: owner, type, timeToLive: timeToLive, data)
        additionalCount += 1
    }
}

extension RecordSet {
    /// The A and AAAA records of addresses; no set for a family that has none.
    static func addresses(_ addresses: some Collection<IPAddress>, timeToLive: UInt32) -> [RecordSet] {
        var (ipv4, ipv6) = (RecordSet(.a), RecordSet(.aaaa))
        ipv4.answers.reserveCapacity(16 * addresses.count)
        for address in addresses {
            switch address.family {
            case .ipv4: ipv4.append(timeToLive: timeToLive, address)
            case .ipv6: ipv6.append(timeToLive: timeToLive, address)
            }
        }
        if ipv6.isEmpty { return ipv4.isEmpty ? [] : [ipv4] }
        return ipv4.isEmpty ? [ipv6] : [ipv4, ipv6]
    }

    /// Appends the addresses of a name that stands at a place in the message as additional records.
    mutating func append(additional addresses: some Collection<IPAddress>, owner: Int, timeToLive: UInt32) {
        for address in addresses {
            let type: RecordType = address.family == .ipv4 ? .a : .aaaa
            withUnsafeBytes(of: address.bigEndian) { bytes in
                append(
                    additional: type, owner: owner, timeToLive: timeToLive,
                    bytes.suffix(address.family.bitWidth / 8))
            }
        }
    }
}

extension IPAddress {
    /// The number with its most significant byte first: the address is in the last 4 or 16 bytes.
    fileprivate var bigEndian: UInt128 { number.bigEndian }
}

extension [UInt8] {
    /// Appends a number in network order.
    mutating func append(number: UInt32) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }

    /// Appends a record whose owner is a pointer to a place in the message.
    fileprivate mutating func append(
        owner: Int, _ type: RecordType, timeToLive: UInt32, _ data: some Collection<UInt8>
    ) {
        let head = (
            (0xc000_0000 | UInt32(owner) << 16 | UInt32(type.rawValue)).bigEndian,
            (UInt32(RecordClass.internet.rawValue) << 16 | timeToLive >> 16).bigEndian,
            (timeToLive << 16 | UInt32(data.count)).bigEndian
        )
        Swift.withUnsafeBytes(of: head) { append(contentsOf: $0) }
        append(contentsOf: data)
    }
}
