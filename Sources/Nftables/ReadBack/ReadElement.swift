internal import Addressing

/// An element of a set or map as it was read from the kernel.
public struct ReadElement: Hashable, Sendable {
    /// The key as it lies in registers; the fields of a concatenation are padded to four bytes each.
    public let key: [UInt8]
    /// The last key of a range, in sets of intervals; nil where the element is one key.
    public let keyEnd: [UInt8]?
    /// What a map of data gives, laid out like a key.
    public let data: [UInt8]?
    /// What a verdict map gives; nil also for a verdict that this module does not know.
    public let verdict: Verdict?
    /// The time that the element has in all, in seconds; nil where that is the set's own.
    public let timeout: UInt32?
    /// In how many seconds the element goes, rounded up.
    public let expiration: UInt32?
    /// Whose element it is.
    public let comment: String?

    /// Makes an element as it would be read.
    public init(
        key: [UInt8], keyEnd: [UInt8]? = nil, data: [UInt8]? = nil, verdict: Verdict? = nil, timeout: UInt32? = nil,
        expiration: UInt32? = nil, comment: String? = nil
    ) {
        self.key = key
        self.keyEnd = keyEnd
        self.data = data
        self.verdict = verdict
        self.timeout = timeout
        self.expiration = expiration
        self.comment = comment
    }

    /// The key's fields; nil where the bytes do not fit the types.
    public func key(as types: [DataType]) -> [Value]? { [Value](bytes: key, types: types) }

    /// The fields of the last key; nil where there is none, or the bytes do not fit the types.
    public func keyEnd(as types: [DataType]) -> [Value]? { keyEnd.flatMap { [Value](bytes: $0, types: types) } }

    /// The data's fields; nil where there is none, or the bytes do not fit the types.
    public func data(as types: [DataType]) -> [Value]? { data.flatMap { [Value](bytes: $0, types: types) } }
}

extension [Value] {
    /// Reads the fields of a key or datum as it lies in registers.
    init?(bytes: [UInt8], types: [DataType]) {
        var rest = bytes[...]
        self = []
        for type in types {
            guard rest.count >= type.length, let value = Value(bytes: rest.prefix(type.length), type: type) else {
                return nil
            }
            append(value)
            rest = rest.dropFirst(types.count == 1 ? type.length : type.paddedLength)
        }
        guard rest.isEmpty else { return nil }
    }
}

extension Value {
    /// Reads one field, without padding.
    fileprivate init?(bytes: ArraySlice<UInt8>, type: DataType) {
        var hostOrder: UInt32 { bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        switch type {
        case .ipv4Address, .ipv6Address:
            guard let address = IPAddress(bytes: bytes) else { return nil }
            self = .address(address)
        case .transportProtocol: self = .transportProtocol(bytes.first ?? 0)
        case .port: self = .port(bytes.reduce(0) { $0 << 8 | UInt16($1) })
        case .mark: self = .mark(hostOrder)
        case .addressType:
            guard let type = AddressType.allCases.first(where: { $0.number == hostOrder }) else { return nil }
            self = .addressType(type)
        case .connectionState: self = .connectionState(ConnectionState(rawValue: hostOrder))
        case .connectionStatus: self = .connectionStatus(ConnectionStatus(rawValue: hostOrder))
        case .interfaceName: self = .interface(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
        }
    }
}
