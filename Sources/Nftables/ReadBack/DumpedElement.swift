internal import CLinux
internal import Netlink

/// An element as the kernel's set back end has it: one of a set of ranges can also be the key behind a range.
struct DumpedElement {
    private(set) var key: [UInt8] = []
    private(set) var keyEnd: [UInt8]?
    private(set) var data: [UInt8]?
    private(set) var verdict: Verdict?
    private(set) var timeout: UInt64?
    private(set) var expiration: UInt64?
    private(set) var comment: String?
    private(set) var isEnd = false

    /// Appends what a message of NFT_MSG_GETSETELEM holds.
    static func append(elementsOf message: ReceivedMessage, _ family: TableFamily, to elements: inout [DumpedElement]) {
        for (type, list) in message.attributes(NftablesConstants.newElements, family) ?? Attributes([])
        where type == NftablesConstants.elementsAttribute {
            for (_, attributes) in Attributes(list) { elements.append(DumpedElement(attributes)) }
        }
    }

    private init(_ attributes: ArraySlice<UInt8>) {
        for (type, value) in Attributes(attributes) {
            switch type {
            case NftablesConstants.elementKey: key = Self.value(of: value) ?? []
            case NftablesConstants.elementKeyEnd: keyEnd = Self.value(of: value)
            case NftablesConstants.elementData:
                data = Self.value(of: value)
                verdict = Verdict(value)
            case NftablesConstants.elementFlags:
                let flags = value.load(UInt32.self).map(UInt32.init(bigEndian:)) ?? 0
                isEnd = flags & NftablesConstants.intervalEnd != 0
            case NftablesConstants.elementTimeout: timeout = Self.milliseconds(value)
            case NftablesConstants.elementExpiration: expiration = Self.milliseconds(value)
            case NftablesConstants.elementUserData: comment = UserData.comment(in: value)
            default: break
            }
        }
    }

    private static func value(of data: ArraySlice<UInt8>) -> [UInt8]? {
        for (type, value) in Attributes(data) where type == NftablesConstants.dataValue { return Array(value) }
        return nil
    }

    private static func milliseconds(_ value: ArraySlice<UInt8>) -> UInt64? {
        value.load(UInt64.self).map(UInt64.init(bigEndian:))
    }

    /// The elements, each range as one, and each key once: the kernel can tell one twice while its table grows.
    static func joined(_ elements: [DumpedElement], isRanges: Bool) -> [ReadElement] {
        if isRanges { return ranges(elements) }
        var seen: Set<[UInt8]> = []
        seen.reserveCapacity(elements.count)
        return elements.filter { seen.insert($0.key).inserted }.map { ReadElement($0, keyEnd: $0.keyEnd) }
    }

    /// Joins each first key of a range to the key behind it.
    private static func ranges(_ elements: [DumpedElement]) -> [ReadElement] {
        var ranges: [ReadElement] = []
        var first: DumpedElement?
        let sorted = elements.sorted { left, right in
            left.key == right.key ? left.isEnd && !right.isEnd : left.key.lexicographicallyPrecedes(right.key)
        }
        for element in sorted {
            // A range without a key behind it reaches to the last key there is.
            if let first { ranges.append(ReadElement(first, keyEnd: element.isEnd ? before(element.key) : nil)) }
            first = element.isEnd ? nil : element
        }
        if let first { ranges.append(ReadElement(first, keyEnd: [UInt8](repeating: 0xff, count: first.key.count))) }
        return ranges
    }

    /// The key before another one.
    private static func before(_ key: [UInt8]) -> [UInt8] {
        var key = key
        for index in key.indices.reversed() {
            key[index] &-= 1
            if key[index] != 0xff { break }
        }
        return key
    }
}

extension ReadElement {
    fileprivate init(_ element: DumpedElement, keyEnd: [UInt8]?) {
        self.init(
            key: element.key, keyEnd: keyEnd == element.key ? nil : keyEnd, data: element.data,
            verdict: element.verdict,
            timeout: element.timeout.map(Self.seconds), expiration: element.expiration.map(Self.seconds),
            comment: element.comment)
    }

    /// Milliseconds in seconds, rounded up.
    private static func seconds(_ milliseconds: UInt64) -> UInt32 {
        UInt32(clamping: milliseconds / 1000 + (milliseconds % 1000 == 0 ? 0 : 1))
    }
}

extension Verdict {
    /// Reads the verdict in an element's data; nil for one that this module does not know.
    fileprivate init?(_ data: ArraySlice<UInt8>) {
        var number: UInt32?
        var chain = ""
        for (type, value) in Attributes(data) where type == NftablesConstants.dataVerdict {
            for (type, value) in Attributes(value) {
                switch type {
                case NftablesConstants.verdictCode: number = value.load(UInt32.self).map(UInt32.init(bigEndian:))
                case NftablesConstants.verdictChain: chain = value.string
                default: break
                }
            }
        }
        let known: [Verdict] = [.accept, .drop, .return, .jump(chain), .goto(chain)]
        guard let number, let verdict = known.first(where: { $0.number == number }) else { return nil }
        self = verdict
    }
}
