/// Why a capture file could not be written.
public enum PcapngError: Error, Hashable, Sendable {
    /// An option's text is longer than the 65,535 bytes that its length field can tell.
    case textTooLong(option: String, bytes: Int)
    /// A packet's capture point is not among the file's interfaces.
    case unknownPoint(index: Int, points: Int)
    /// The operating system refused the file.
    case file(path: String, action: String, reason: String)
}

extension PcapngError: CustomStringConvertible {
    /// What was attempted and what went wrong.
    public var description: String {
        switch self {
        case .textTooLong(let option, let bytes):
            "the \(option) is \(bytes) bytes long, but pcapng allows 65535. Shorten it."
        case .unknownPoint(let index, let points):
            "a packet was captured at point \(index), but the file has only \(points) points"
        case .file(let path, let action, let reason):
            "cannot \(action) the capture file \(path): \(reason)"
        }
    }
}
