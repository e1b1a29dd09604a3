/// One block of a pcapng file (draft-ietf-opsawg-pcapng), in little-endian byte order.
///
///     | type 4 | total length 4 | body, padded to 4 | options | total length 4 |
struct PcapngBlock {
    private(set) var bytes: [UInt8] = []

    enum BlockType: UInt32 {
        case interfaceDescription = 1
        case enhancedPacket = 6
        case sectionHeader = 0x0a0d_0d0a
    }

    enum Option: UInt16 {
        case end = 0
        case comment = 1
        /// if_name in an interface description, shb_hardware in a section header.
        case nameOrHardware = 2
        /// if_description in an interface description, shb_os in a section header.
        case descriptionOrSystem = 3
        /// shb_userappl in a section header.
        case application = 4
        case timestampResolution = 9
    }

    private var hasOptions = false

    init(_ type: BlockType) {
        append(type.rawValue)
        append(UInt32(0))
    }

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends bytes and zeros up to a multiple of four.
    mutating func appendPadded(_ content: some Collection<UInt8>) {
        bytes.append(contentsOf: content)
        bytes.append(contentsOf: repeatElement(0, count: (4 - content.count % 4) % 4))
    }

    mutating func append(_ option: Option, _ value: some Collection<UInt8>, as name: String) throws(PcapngError) {
        guard let length = UInt16(exactly: value.count) else {
            throw .textTooLong(option: name, bytes: value.count)
        }
        append(option.rawValue)
        append(length)
        appendPadded(value)
        hasOptions = true
    }

    /// Appends a text option; an empty text is left out.
    mutating func append(_ option: Option, _ text: String, as name: String) throws(PcapngError) {
        if !text.isEmpty { try append(option, Array(text.utf8), as: name) }
    }

    /// The finished block.
    consuming func finished() -> [UInt8] {
        if hasOptions {
            append(Option.end.rawValue)
            append(UInt16(0))
        }
        let length = UInt32(bytes.count + 4)
        append(length)
        withUnsafeBytes(of: length.littleEndian) { bytes.replaceSubrange(4..<8, with: $0) }
        return bytes
    }
}
