internal import Addressing

/// Appends the parts of a netlink message: C structures as they lie in memory, and attributes padded to four bytes.
///
/// The layout of every structure comes from the kernel's headers, never from offsets written by hand.
struct MessageWriter {
    private(set) var bytes: [UInt8] = []

    init(reserving capacity: Int = 128) {
        bytes.reserveCapacity(capacity)
    }

    /// Appends a header structure such as `ifinfomsg`.
    mutating func append<Structure: BitwiseCopyable>(_ structure: Structure) {
        withUnsafeBytes(of: structure) { bytes.append(contentsOf: $0) }
        pad()
    }

    /// Appends bytes that are encoded already.
    mutating func append(bytes encoded: [UInt8]) {
        bytes.append(contentsOf: encoded)
        pad()
    }

    mutating func attribute(_ type: some BinaryInteger, bytes payload: some Collection<UInt8>) {
        appendHeader(type: UInt16(type), length: 4 + payload.count)
        bytes.append(contentsOf: payload)
        pad()
    }

    /// An attribute that holds an address: 4 or 16 bytes.
    mutating func attribute(_ type: some BinaryInteger, address: IPAddress) {
        switch address {
        case .v4(let address): attribute(type, address.rawValue.bigEndian)
        case .v6(let address): attribute(type, address.rawValue.bigEndian)
        }
    }

    /// An attribute that holds an Ethernet address.
    mutating func attribute(_ type: some BinaryInteger, station: MACAddress) {
        withUnsafeBytes(of: (station.rawValue << 16).bigEndian) { attribute(type, bytes: $0.prefix(6)) }
    }

    /// An attribute that holds an integer or structure in host order, as rtnetlink has most of them.
    mutating func attribute<Value: BitwiseCopyable>(_ type: some BinaryInteger, _ value: Value) {
        withUnsafeBytes(of: value) { attribute(type, bytes: $0) }
    }

    /// A string with its closing NUL.
    mutating func attribute(_ type: some BinaryInteger, string: String) {
        attribute(type, bytes: Array(string.utf8) + [0])
    }

    /// A nested attribute; its length is filled in when the body has run.
    mutating func nested(_ type: some BinaryInteger, flagged: Bool = false, _ body: (inout MessageWriter) -> Void) {
        let start = bytes.count
        appendHeader(type: UInt16(type) | (flagged ? NetlinkConstants.nestedFlag : 0), length: 0)
        body(&self)
        let length = UInt16(bytes.count - start)
        withUnsafeBytes(of: length) { bytes.replaceSubrange(start..<start + 2, with: $0) }
    }

    private mutating func appendHeader(type: UInt16, length: Int) {
        withUnsafeBytes(of: UInt16(length)) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: type) { bytes.append(contentsOf: $0) }
    }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }
}
