internal import CLinux

/// The messages of one transaction, as one datagram: the kernel carries out all of them or none.
///
/// Every message has a sequence number of its own, by which an error names it.
struct Transaction {
    /// One message and what it is about.
    struct Message {
        let action: RulesetAction
        let object: RulesetObject
        /// With elements of a set of ranges: the number of the one that each of the message's belongs to, counted from 1.
        let numbers: [Int]
        /// Where it lies in the datagram.
        let range: Range<Int>
    }

    private(set) var datagram: [UInt8] = []
    /// All but the begin and the end of the batch.
    private(set) var messages: [Message] = []
    /// The sequence number of the message that begins the batch; the others follow it.
    let firstSequence: UInt32

    /// The number by which the last added set is named in the transaction.
    private(set) var lastSetIdentifier: UInt32 = 0

    /// libnftnl writes without looking at an end: nothing that it is given comes near this size. The largest is a message
    /// of elements, whose attribute holds 64 KiB, and a rule of 128 expressions.
    private var scratch = [UInt8](repeating: 0, count: 256 * 1024)

    /// A transaction without messages.
    init(firstSequence: UInt32) {
        self.firstSequence = firstSequence
        append { nftnl_batch_begin($0, firstSequence) }
    }

    /// The sequence number of a message by its place.
    func sequence(of index: Int) -> UInt32 { firstSequence &+ 1 &+ UInt32(truncatingIfNeeded: index) }

    /// The place of the message with a sequence number, or nil where it is none of these.
    func index(of sequence: UInt32) -> Int? {
        let index = Int(sequence &- firstSequence &- 1)
        return index < messages.count ? index : nil
    }

    /// Ends the batch. The last message is the one that the kernel acknowledges: one for each would overrun the socket.
    mutating func end() {
        if let last = messages.last {
            datagram.withUnsafeMutableBytes { bytes in
                let start = last.range.lowerBound
                var header = bytes.loadUnaligned(fromByteOffset: start, as: nlmsghdr.self)
                header.nlmsg_flags |= NftablesConstants.acknowledge
                bytes.storeBytes(of: header, toByteOffset: start, as: nlmsghdr.self)
            }
        }
        let sequence = sequence(of: messages.count)
        append { nftnl_batch_end($0, sequence) }
    }

    /// A number for a set that is to be added, by which messages behind it can name it (NFTA_SET_ID).
    mutating func nextSetIdentifier() -> UInt32 {
        lastSetIdentifier += 1
        return lastSetIdentifier
    }

    /// Appends a message. The body is written by libnftnl behind the header that it is given.
    mutating func append(
        _ action: RulesetAction, _ object: RulesetObject, type: UInt16, flags: UInt16 = 0, family: TableFamily,
        _ body: (UnsafeMutablePointer<nlmsghdr>) -> Void
    ) {
        let sequence = sequence(of: messages.count)
        let start = datagram.count
        append { buffer in
            guard let header = nftnl_nlmsg_build_hdr(buffer, type, family.number, flags, sequence) else { return nil }
            body(header)
            return header
        }
        messages.append(Message(action: action, object: object, numbers: [], range: start..<datagram.count))
    }

    /// Appends a message whose attributes are written in place. The body gives what it is about.
    mutating func append(
        _ action: RulesetAction, type: UInt16, flags: UInt16, family: TableFamily,
        _ body: (inout AttributeWriter) -> (object: RulesetObject, numbers: [Int])
    ) {
        let sequence = sequence(of: messages.count)
        let start = datagram.count
        var subject = (object: RulesetObject.transaction, numbers: [Int]())
        let capacity = scratch.count
        append { buffer in
            guard let header = nftnl_nlmsg_build_hdr(buffer, type, family.number, flags, sequence) else { return nil }
            let written = Int(header.pointee.nlmsg_len)
            var writer = AttributeWriter(
                UnsafeMutableRawBufferPointer(start: buffer + written, count: capacity - written))
            subject = body(&writer)
            header.pointee.nlmsg_len += UInt32(writer.count)
            return header
        }
        messages.append(
            Message(action: action, object: subject.object, numbers: subject.numbers, range: start..<datagram.count))
    }

    private mutating func append(_ build: (UnsafeMutablePointer<CChar>) -> UnsafeMutablePointer<nlmsghdr>?) {
        let length = scratch.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress, let header = build(start.assumingMemoryBound(to: CChar.self)) else {
                return 0
            }
            return (Int(header.pointee.nlmsg_len) + 3) & ~3
        }
        datagram.append(contentsOf: scratch[..<length])
        // libmnl leaves the padding behind an attribute as it finds it: the next message finds zeros.
        scratch.withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { memset(start, 0, length) }
        }
    }
}
