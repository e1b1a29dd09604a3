/// Writes packets of many capture points into one pcapng file (draft-ietf-opsawg-pcapng).
///
/// The file holds a section header, an interface description for each point, and the packets of all points in the
/// order of their timestamps, which are in nanoseconds.
public struct PcapngWriter: Sendable {
    private let section: PcapngSection
    private let points: [CapturePoint]

    /// Prepares a file.
    /// - Parameters:
    ///   - section: what the file says of itself.
    ///   - points: `CapturedPacket.point` is an index into these. libpcap reads the file back only where all have the
    ///     same link type and snap length; Wireshark does not mind.
    public init(section: PcapngSection = PcapngSection(), points: [CapturePoint]) {
        self.section = section
        self.points = points
    }

    /// The file's bytes.
    /// - Throws: `PcapngError.textTooLong` or `.unknownPoint`.
    public func encode(_ packets: [CommentedPacket]) throws(PcapngError) -> [UInt8] {
        var bytes: [UInt8] = []
        try encode(packets) { block throws(PcapngError) in bytes += block }
        return bytes
    }

    /// Makes a file, readable by its owner only, or replaces the one that is there.
    /// - Throws: any `PcapngError`. After `.file` what was written so far stays.
    public func write(_ packets: [CommentedPacket], to path: String) throws(PcapngError) {
        var file = try OutputFile(path)
        try encode(packets) { block throws(PcapngError) in try file.write(block) }
        try file.finish()
    }

    private func encode(
        _ packets: [CommentedPacket], _ emit: ([UInt8]) throws(PcapngError) -> Void
    ) throws(PcapngError) {
        try emit(sectionHeader())
        for point in points { try emit(interfaceDescription(point)) }
        for packet in packets.sorted(by: { $0.packet.timestamp < $1.packet.timestamp }) {
            try emit(enhancedPacket(packet))
        }
    }

    private func sectionHeader() throws(PcapngError) -> [UInt8] {
        var block = PcapngBlock(.sectionHeader)
        block.append(UInt32(0x1a2b_3c4d))
        block.append(UInt16(1))
        block.append(UInt16(0))
        // The section's length is left open: it ends with the file.
        block.append(Int64(-1))
        try block.append(.comment, section.comment, as: "section's comment")
        try block.append(.nameOrHardware, section.hardware, as: "hardware's name")
        try block.append(.descriptionOrSystem, section.operatingSystem, as: "operating system's name")
        try block.append(.application, section.application, as: "application's name")
        return block.finished()
    }

    private func interfaceDescription(_ point: CapturePoint) throws(PcapngError) -> [UInt8] {
        var block = PcapngBlock(.interfaceDescription)
        block.append(UInt16(truncatingIfNeeded: point.linkType.rawValue))
        block.append(UInt16(0))
        block.append(UInt32(clamping: point.snapLength))
        try block.append(.nameOrHardware, point.name, as: "capture point's name")
        try block.append(.descriptionOrSystem, point.description, as: "capture point's description")
        // 10 to the power of -9: nanoseconds.
        try block.append(.timestampResolution, [9], as: "timestamp resolution")
        return block.finished()
    }

    private func enhancedPacket(_ commented: CommentedPacket) throws(PcapngError) -> [UInt8] {
        let packet = commented.packet
        guard points.indices.contains(packet.point) else {
            throw .unknownPoint(index: packet.point, points: points.count)
        }
        var block = PcapngBlock(.enhancedPacket)
        block.append(UInt32(packet.point))
        block.append(UInt32(truncatingIfNeeded: packet.timestamp >> 32))
        block.append(UInt32(truncatingIfNeeded: packet.timestamp))
        block.append(UInt32(clamping: packet.bytes.count))
        block.append(UInt32(clamping: packet.originalLength))
        block.appendPadded(packet.bytes)
        for comment in commented.comments { try block.append(.comment, comment, as: "packet's comment") }
        return block.finished()
    }
}
