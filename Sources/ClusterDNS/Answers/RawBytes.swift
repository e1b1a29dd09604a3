#if canImport(Glibc)
    internal import Glibc
#endif

/// Reading and writing in network order. Every caller has checked that the bytes are there.
extension UnsafeRawBufferPointer {
    @inline(__always)
    func uint16(_ offset: Int) -> UInt16 { UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)) }

    @inline(__always)
    func uint32(_ offset: Int) -> UInt32 { UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }

    /// Whether another buffer of the same length holds the same bytes.
    @inline(__always)
    func isEqual(to other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let own = baseAddress, let others = other.baseAddress else { return count == 0 }
        return memcmp(own, others, count) == 0
    }
}
