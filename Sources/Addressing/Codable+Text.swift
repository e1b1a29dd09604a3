/// A value that files and API objects hold as text.
protocol TextCodable: Codable, CustomStringConvertible {
    static func parse(_ text: String) -> Self?
}

extension TextCodable {
    /// Reads the value's text form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self.parse(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not a valid \(Self.self)")
        }
        self = value
    }

    /// Writes the value's text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension IPAddress: TextCodable {
    static func parse(_ text: String) -> IPAddress? { IPAddress(text) }
}

extension CIDR: TextCodable {
    static func parse(_ text: String) -> CIDR? { CIDR(text) }
}

extension InterfaceAddress: TextCodable {
    static func parse(_ text: String) -> InterfaceAddress? { InterfaceAddress(text) }
}

extension MACAddress: TextCodable {
    static func parse(_ text: String) -> MACAddress? { MACAddress(text) }
}
