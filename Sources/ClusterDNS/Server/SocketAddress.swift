internal import Addressing
internal import CLinux
internal import Glibc

/// An address and port as bind(2) and connect(2) take them.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private let length: socklen_t

    init(_ address: IPAddress, port: UInt16) {
        let isIPv4 = address.family == .ipv4
        storage.ss_family = sa_family_t(isIPv4 ? AF_INET : AF_INET6)
        length = socklen_t(isIPv4 ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutableBytes(of: &storage) { bytes in
            // Ports are at the same place in both families' addresses.
            bytes[2] = UInt8(port >> 8)
            bytes[3] = UInt8(port & 255)
            for (index, byte) in address.bytes.enumerated() { bytes[(isIPv4 ? 4 : 8) + index] = byte }
        }
    }

    /// AF_UNSPEC: connecting to it disconnects, and gives up the port.
    static let none = SocketAddress()

    private init() {
        storage.ss_family = sa_family_t(AF_UNSPEC)
        length = socklen_t(MemoryLayout<sockaddr_in>.size)
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
