/// A place where packets are captured: one interface in one namespace.
public struct CapturePoint: Hashable, Sendable {
    /// A name that a person reads, such as `pod/default/pod-a eth0`.
    public let name: String
    /// The interface's name in its namespace.
    public let interface: String
    /// Anything more that a reader of the capture file should know; may be empty.
    public let description: String
    /// The link type of the captured bytes.
    public let linkType: LinkType
    /// How many bytes of a packet are kept.
    public let snapLength: Int

    /// Describes a point.
    public init(
        name: String, interface: String, description: String = "", linkType: LinkType = .ethernet, snapLength: Int
    ) {
        self.name = name
        self.interface = interface
        self.description = description
        self.linkType = linkType
        self.snapLength = snapLength
    }
}

/// A LINKTYPE_ value (pcapng's registry of link types).
public struct LinkType: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: Int

    /// Takes the number.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// LINKTYPE_ETHERNET (1): veth, bridge, vxlan and on Linux also lo.
    public static let ethernet = LinkType(rawValue: 1)
}

/// How a point captures.
public struct CaptureOptions: Hashable, Sendable {
    /// How many bytes of a packet are kept.
    public var snapLength: Int
    /// The kernel's ring for this point in bytes; it is kernel memory, and locked. It holds a block of 256 KiB for
    /// each `blockTimeout` that the reader may be late, and more packets than that under load.
    public var bufferSize: Int
    /// After how many milliseconds the kernel hands over a block that is not full. A drain takes about as long.
    public var blockTimeout: Int
    /// A filter in libpcap's language (pcap-filter(7)), run in the kernel; nil captures everything.
    public var filter: String?

    /// The defaults suit a lab's traffic at some thirty points: 2 MiB hold 80 ms of whatever trickles in, and lost
    /// nothing of 200,000 packets of 142 bytes a second at each of two points.
    public init(snapLength: Int = 256, bufferSize: Int = 2 << 20, blockTimeout: Int = 10, filter: String? = nil) {
        self.snapLength = snapLength
        self.bufferSize = bufferSize
        self.blockTimeout = blockTimeout
        self.filter = filter
    }
}
