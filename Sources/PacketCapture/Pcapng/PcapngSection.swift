/// What a capture file says of itself as a whole; empty texts are left out.
public struct PcapngSection: Hashable, Sendable {
    /// The machine, such as `x86_64` (shb_hardware).
    public var hardware: String
    /// The system, such as `Linux 6.18` (shb_os).
    public var operatingSystem: String
    /// The program that wrote the file (shb_userappl).
    public var application: String
    /// Anything to say about the whole file, such as the case and its verdict (opt_comment).
    public var comment: String

    /// Describes a file.
    public init(hardware: String = "", operatingSystem: String = "", application: String = "lab", comment: String = "")
    {
        self.hardware = hardware
        self.operatingSystem = operatingSystem
        self.application = application
        self.comment = comment
    }
}

/// A packet with what is to be said about it.
public struct CommentedPacket: Hashable, Sendable {
    /// The packet.
    public let packet: CapturedPacket
    /// Comments, each an option of its own (opt_comment); a reader shows them beside the packet.
    public let comments: [String]

    /// Adds comments to a packet.
    public init(_ packet: CapturedPacket, comments: [String] = []) {
        self.packet = packet
        self.comments = comments
    }
}
