public import DNSMessage

/// The records of a zone one by one, for servers that are told them in files of their own.
public struct ZoneRecords: Sendable {
    private var names: [[UInt8]: NameAnswers] = [:]

    /// No record.
    public init() {}

    /// Takes changes of the zone.
    public mutating func apply(_ changes: ZoneChanges) {
        for change in changes.names { names[change.name] = change.answers }
    }

    /// All records, name by name, those above others before these.
    public var all: [ResourceRecord] {
        let sorted = names.keys.sorted {
            $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count < $1.count
        }
        return sorted.flatMap { names[$0].map(Self.records) ?? [] }
    }

    private static let types: [RecordType] = [.ns, .a, .aaaa, .cname, .srv, .txt, .ptr]

    /// The records as a message holds them behind its question.
    private static func records(_ answers: NameAnswers) -> [ResourceRecord] {
        types.flatMap { type -> [ResourceRecord] in
            guard let set = answers.set(type.rawValue) else { return [] }
            var message: [UInt8] = [0, 0, 0x80, 0, 0, 1]
            message += [UInt8(set.answerCount >> 8), UInt8(set.answerCount & 0xff), 0, 0, 0, 0]
            message += answers.name + [UInt8(type.rawValue >> 8), UInt8(type.rawValue & 0xff), 0, 1]
            message += answers.withUnsafeBytes { Array($0[set.answers]) }
            // More than a message can hold is more than a client can be told.
            return (try? Message(decoding: message))?.answers ?? []
        }
    }
}
