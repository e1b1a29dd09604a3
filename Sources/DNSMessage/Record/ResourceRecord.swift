/// A record of the DNS (RFC 1035, section 4.1.3).
public struct ResourceRecord: Hashable, Sendable {
    /// Whose record it is.
    public var name: DomainName
    /// The class.
    public var recordClass: RecordClass
    /// For how many seconds it may be kept. A value with the first bit set means zero (RFC 2181, section 8).
    public var timeToLive: UInt32
    /// What it says.
    public var data: RecordData

    /// Makes a record.
    public init(_ name: DomainName, _ recordClass: RecordClass = .internet, timeToLive: UInt32, _ data: RecordData) {
        self.name = name
        self.recordClass = recordClass
        self.timeToLive = timeToLive
        self.data = data
    }

    /// The type.
    public var type: RecordType { data.type }
}

extension ResourceRecord: CustomStringConvertible {
    /// The record as a line of a zone file.
    public var description: String { "\(name) \(timeToLive) \(recordClass) \(type) \(data)" }
}

extension RecordData: CustomStringConvertible {
    /// The data as in a zone file; other types as RFC 3597 writes them.
    public var description: String {
        switch self {
        case .a(let address): "\(address)"
        case .aaaa(let address): "\(address)"
        case .cname(let name), .ns(let name), .ptr(let name): "\(name)"
        case .soa(let soa):
            "\(soa.primary) \(soa.mailbox) \(soa.serial) \(soa.refresh) \(soa.retry) \(soa.expire) \(soa.minimum)"
        case .srv(let service): "\(service.priority) \(service.weight) \(service.port) \(service.target)"
        case .txt(let texts): texts.map(Self.quoted).joined(separator: " ")
        case .other(_, let bytes): "\\# \(bytes.count)" + (bytes.isEmpty ? "" : " ") + Self.hexadecimal(bytes)
        }
    }

    private static func quoted(_ bytes: [UInt8]) -> String {
        let text = bytes.map { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
            case 0x20...0x7e: String(UnicodeScalar(byte))
            default: "\\" + (byte < 100 ? "0" : "") + (byte < 10 ? "0" : "") + String(byte)
            }
        }
        return "\"" + text.joined() + "\""
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
