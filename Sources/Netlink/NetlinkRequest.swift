internal import CLinux

/// One request to the kernel: a message type, its flags and its encoded body. Requests are values, so that they can be
/// built, compared and tested without a socket.
public struct NetlinkRequest: Hashable, Sendable {
    /// The message type, such as RTM_NEWLINK.
    public let type: UInt16
    /// The flags without NLM_F_REQUEST and NLM_F_ACK, which the socket adds.
    public let flags: UInt16
    /// The body: the header structure of the type and its attributes.
    public let body: [UInt8]

    init(type: UInt16, flags: UInt16 = 0, _ build: (inout MessageWriter) -> Void) {
        var writer = MessageWriter()
        build(&writer)
        self.type = type
        self.flags = flags
        self.body = writer.bytes
    }

    /// The size of the whole message, its header included, padded to four bytes.
    var encodedSize: Int { (MemoryLayout<nlmsghdr>.size + body.count + 3) & ~3 }

    /// Appends the whole message.
    func encode(sequence: UInt32, extraFlags: UInt16, into bytes: inout [UInt8]) {
        let header = nlmsghdr(
            nlmsg_len: UInt32(MemoryLayout<nlmsghdr>.size + body.count), nlmsg_type: type,
            nlmsg_flags: flags | NetlinkConstants.request | extraFlags, nlmsg_seq: sequence, nlmsg_pid: 0)
        withUnsafeBytes(of: header) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: body)
        while bytes.count % 4 != 0 { bytes.append(0) }
    }
}
