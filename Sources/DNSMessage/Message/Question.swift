/// What is asked for (RFC 1035, section 4.1.2).
public struct Question: Hashable, Sendable {
    /// The name.
    public var name: DomainName
    /// The type of record.
    public var type: RecordType
    /// The class.
    public var recordClass: RecordClass

    /// Makes a question.
    public init(_ name: DomainName, _ type: RecordType, _ recordClass: RecordClass = .internet) {
        self.name = name
        self.type = type
        self.recordClass = recordClass
    }
}

extension Question: CustomStringConvertible {
    /// Name, class and type.
    public var description: String { "\(name) \(recordClass) \(type)" }
}
