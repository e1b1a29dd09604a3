internal import CLinux

/// One netlink message as it was received.
package struct ReceivedMessage {
    package let type: UInt16
    package let flags: UInt16
    package let sequence: UInt32
    package let payload: ArraySlice<UInt8>

    /// Splits a datagram into its messages. A message that claims more than there is ends the list.
    package static func split(_ datagram: ArraySlice<UInt8>) -> [ReceivedMessage] {
        var messages: [ReceivedMessage] = []
        var rest = datagram
        let headerSize = MemoryLayout<nlmsghdr>.size
        while let header = rest.load(nlmsghdr.self) {
            let length = Int(header.nlmsg_len)
            guard length >= headerSize, length <= rest.count else { break }
            messages.append(
                ReceivedMessage(
                    type: header.nlmsg_type, flags: header.nlmsg_flags, sequence: header.nlmsg_seq,
                    payload: rest[rest.startIndex + headerSize..<rest.startIndex + length]))
            rest = rest.dropFirst((length + 3) & ~3)
        }
        return messages
    }

    /// The attributes behind a header structure.
    package func attributes<Header>(after header: Header.Type) -> Attributes {
        Attributes(payload.dropFirst((MemoryLayout<Header>.size + 3) & ~3))
    }
}

/// The attributes of a message or of a nested attribute, in the order in which they came.
package struct Attributes: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>

    package init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    package mutating func next() -> (type: Int, value: ArraySlice<UInt8>)? {
        guard let header = rest.load(nlattr.self) else { return nil }
        let length = Int(header.nla_len)
        guard length >= MemoryLayout<nlattr>.size, length <= rest.count else { return nil }
        let value = rest[rest.startIndex + MemoryLayout<nlattr>.size..<rest.startIndex + length]
        rest = rest.dropFirst((length + 3) & ~3)
        return (Int(header.nla_type & ~NetlinkConstants.nestedFlag & ~NetlinkConstants.networkOrderFlag), value)
    }
}

extension ArraySlice<UInt8> {
    /// Reads a structure at the start, or nil where too little is left.
    package func load<Value: BitwiseCopyable>(_ type: Value.Type) -> Value? {
        guard count >= MemoryLayout<Value>.size else { return nil }
        return withUnsafeBytes { $0.loadUnaligned(as: type) }
    }

    /// A string up to its NUL, or to the end.
    package var string: String {
        String(decoding: prefix { $0 != 0 }, as: UTF8.self)
    }
}
