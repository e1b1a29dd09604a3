internal import CLinux

/// Writes netlink attributes into memory, one behind the other, each padded to four bytes (struct nlattr).
///
/// Elements come by the ten thousand: they are written in place here, where libnftnl would allocate and copy each of them.
struct AttributeWriter: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer
    /// How many bytes have been written.
    private(set) var count = 0

    /// Writes into memory that holds all that is to come.
    init(_ memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    /// An attribute whose payload `body` writes.
    mutating func attribute(_ type: Int, _ body: (inout AttributeWriter) -> Void) {
        let start = count
        write(UInt16(0))
        write(UInt16(truncatingIfNeeded: type))
        body(&self)
        memory.storeBytes(of: UInt16(truncatingIfNeeded: count - start), toByteOffset: start, as: UInt16.self)
        pad(from: start)
    }

    /// An attribute that holds others (NLA_F_NESTED).
    mutating func nested(_ type: Int, _ body: (inout AttributeWriter) -> Void) {
        attribute(type | 1 << 15, body)
    }

    /// A string with its closing NUL.
    mutating func attribute(_ type: Int, _ string: String) {
        attribute(type) {
            $0.write(string)
            $0.write(UInt8(0))
        }
    }

    /// A number in network order, as nftables has all of them.
    mutating func attribute(_ type: Int, _ number: some FixedWidthInteger & BitwiseCopyable) {
        attribute(type) { $0.write(number.bigEndian) }
    }

    /// A number in host order.
    mutating func write(_ number: some FixedWidthInteger & BitwiseCopyable) {
        memory.storeBytes(of: number, toByteOffset: count, as: type(of: number))
        count += MemoryLayout.size(ofValue: number)
    }

    /// The bytes of a text.
    mutating func write(_ string: String) {
        var string = string
        string.withUTF8 {
            UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: UnsafeRawBufferPointer($0))
            count += $0.count
        }
    }

    /// Zeros up to a multiple of four bytes behind a start.
    mutating func pad(from start: Int) {
        while (count - start) % 4 != 0 { write(UInt8(0)) }
    }
}
