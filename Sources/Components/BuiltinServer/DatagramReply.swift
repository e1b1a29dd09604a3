import Glibc
import NIOCore

/// in6_pktinfo of <netinet/in.h>, which the C library's module leaves out.
private struct IPv6PacketInfo {
    var address: in6_addr
    var interfaceIndex: UInt32
}

/// Sends a datagram from an address of the sender's choice.
///
/// NIO 2.101 reads the address that a datagram came to (IP_PKTINFO, IPV6_PKTINFO) but does not write it, and a reply
/// from a socket bound to the wildcard would leave from whatever address routing prefers. NIO also closes a datagram
/// channel whose send fails with EPERM or ENETUNREACH, as a policy or a missing route makes it. So the reply is sent
/// here, by sendmsg(2), on the channel's own descriptor.
struct DatagramReply {
    /// The socket. It must be open: only the channel's event loop knows.
    let fileDescriptor: Int32

    /// Sends `payload` to `destination` from the address that a request came to. Returns 0 or an errno: EAGAIN, where the
    /// socket's buffer is full, loses the datagram, as any router on the way might have.
    func send(_ payload: ByteBuffer, to destination: SocketAddress, from source: NIOPacketInfo) -> Int32 {
        withControlMessage(from: source) { control in
            payload.withUnsafeReadableBytes { bytes in
                destination.withSockAddr { address, length in
                    var vector = iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
                    return withUnsafeMutablePointer(to: &vector) { vector in
                        var message = msghdr()
                        message.msg_name = UnsafeMutableRawPointer(mutating: address)
                        message.msg_namelen = socklen_t(length)
                        message.msg_iov = vector
                        message.msg_iovlen = 1
                        message.msg_control = control.baseAddress
                        message.msg_controllen = control.count
                        let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
                        return sendmsg(fileDescriptor, &message, flags) < 0 ? errno : 0
                    }
                }
            }
        }
    }

    /// Lends the control message that names the source: cmsghdr and in_pktinfo (ip(7)) or in6_pktinfo (RFC 3542,
    /// section 6.2). A dual-stack socket takes the IPv4-mapped source in the latter.
    private func withControlMessage(from source: NIOPacketInfo, _ body: (UnsafeMutableRawBufferPointer) -> Int32)
        -> Int32
    {
        switch source.destinationAddress {
        case .v4(let v4):
            var info = in_pktinfo()
            info.ipi_spec_dst = v4.address.sin_addr
            return withControlMessage(level: Int32(IPPROTO_IP), type: Int32(IP_PKTINFO), payload: info, body)
        case .v6(let v6):
            var info = IPv6PacketInfo(address: v6.address.sin6_addr, interfaceIndex: 0)
            // fe80::/10 means something on one link only; any other source leaves by the route to the peer.
            let (first, second) = withUnsafeBytes(of: v6.address.sin6_addr) { ($0[0], $0[1]) }
            if first == 0xfe, second & 0xc0 == 0x80 { info.interfaceIndex = UInt32(clamping: source.interfaceIndex) }
            return withControlMessage(level: Int32(IPPROTO_IPV6), type: Int32(IPV6_PKTINFO), payload: info, body)
        default:
            return EAFNOSUPPORT
        }
    }

    private func withControlMessage<Payload>(
        level: Int32, type: Int32, payload: Payload, _ body: (UnsafeMutableRawBufferPointer) -> Int32
    ) -> Int32 {
        let header = MemoryLayout<cmsghdr>.size
        let length = header + MemoryLayout<Payload>.size
        let alignment = MemoryLayout<Int>.alignment
        let space = (length + alignment - 1) / alignment * alignment
        return withUnsafeTemporaryAllocation(byteCount: space, alignment: alignment) { buffer in
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            buffer.storeBytes(of: length, toByteOffset: 0, as: Int.self)
            buffer.storeBytes(of: level, toByteOffset: MemoryLayout<Int>.size, as: Int32.self)
            buffer.storeBytes(of: type, toByteOffset: MemoryLayout<Int>.size + MemoryLayout<Int32>.size, as: Int32.self)
            withUnsafeBytes(of: payload) { payload in
                UnsafeMutableRawBufferPointer(rebasing: buffer[header...]).copyMemory(from: payload)
            }
            return body(buffer)
        }
    }
}
