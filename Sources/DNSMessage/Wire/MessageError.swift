/// Why bytes are no message of the DNS. Offsets count from the message's first byte.
public enum MessageError: Error, Hashable, Sendable {
    /// The message ends before something that it announces.
    case truncated(offset: Int)
    /// A label's length has one of the bit patterns 01 and 10, which mean nothing.
    case reservedLabel(offset: Int)
    /// A compression pointer does not lead backwards.
    case forwardPointer(offset: Int)
    /// A name goes on at more places than a name can have labels.
    case tooManyPointers(offset: Int)
    /// A name has more than 255 bytes.
    case nameTooLong(offset: Int)
    /// A record's data are longer or shorter than its type needs.
    case wrongDataLength(RecordType, offset: Int)
    /// There is more than one OPT record, or one that is not among the additional ones or not of the root.
    case misplacedOPT(offset: Int)
    /// There are bytes behind the last record.
    case trailingBytes(offset: Int)
}

extension MessageError: CustomStringConvertible {
    /// What is wrong, and where.
    public var description: String {
        switch self {
        case .truncated(let offset): "the DNS message ends early: something is missing at byte \(offset)"
        case .reservedLabel(let offset): "the label at byte \(offset) of the DNS message is of no known kind"
        case .forwardPointer(let offset):
            "the compression pointer at byte \(offset) of the DNS message does not lead backwards"
        case .tooManyPointers(let offset):
            "the name at byte \(offset) of the DNS message is scattered over too many places"
        case .nameTooLong(let offset): "the name at byte \(offset) of the DNS message has more than 255 bytes"
        case .wrongDataLength(let type, let offset):
            "the \(type) record's data at byte \(offset) of the DNS message do not have the length that they need"
        case .misplacedOPT(let offset):
            "the OPT record at byte \(offset) of the DNS message is a second one, or not an additional one of the root"
        case .trailingBytes(let offset): "there are bytes behind the end of the DNS message, from byte \(offset) on"
        }
    }
}
