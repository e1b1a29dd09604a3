/// A layer's place in the captured bytes.
///
///     start          captured        claimed
///       |================|- - - - - - - - |
///       bytes at hand      cut off
struct Extent {
    /// Where the layer's first byte is, or would be.
    var start: Int
    /// Where the bytes at hand end. Never past the captured bytes.
    var captured: Int
    /// Where the layer ended on the wire, by what carries it.
    var claimed: Int
    /// The carrier holds only the beginning of the layer: a first fragment, or a packet that an ICMP error quotes.
    var isPartial: Bool = false

    /// Why the next `count` bytes cannot be read, or nil where they can.
    func shortfall(of count: Int) -> Completeness? {
        if start + count <= captured { return nil }
        return start + count <= claimed || isPartial ? .truncated : .malformed
    }

    /// What is left behind the next `count` bytes; nothing where these reach past the end.
    func dropping(_ count: Int) -> Extent {
        var rest = self
        rest.start = min(start + count, captured)
        rest.claimed = max(claimed, rest.start)
        return rest
    }

    /// The beginning of the extent up to a length that its own header announces.
    func limited(to length: Int) -> Extent {
        var part = self
        part.claimed = start + length
        part.captured = min(captured, part.claimed)
        return part
    }

    /// The bytes at hand.
    var range: Range<Int> { min(start, captured)..<captured }

    /// Whether bytes are missing at the end.
    var completeness: Completeness { captured < claimed ? .truncated : .complete }
}

/// A range of bytes in half the room: a frame is a value that is copied, and no frame has 4 GiB.
struct ByteRange: Hashable, Sendable {
    private let lower: UInt32
    private let upper: UInt32

    init(_ range: Range<Int>) {
        lower = UInt32(clamping: range.lowerBound)
        upper = UInt32(clamping: range.upperBound)
    }

    var range: Range<Int> { Int(lower)..<Int(upper) }
}

/// Reading in network order. Every caller has asked the extent first; the span's own checks stand behind that.
extension RawSpan {
    @inline(__always)
    func uint8(_ offset: Int) -> UInt8 {
        unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    func uint16(_ offset: Int) -> UInt16 {
        UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inline(__always)
    func uint32(_ offset: Int) -> UInt32 {
        UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    func uint64(_ offset: Int) -> UInt64 {
        UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    func uint128(_ offset: Int) -> UInt128 {
        UInt128(uint64(offset)) << 64 | UInt128(uint64(offset + 8))
    }
}
