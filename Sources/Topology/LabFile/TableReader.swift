import Addressing

/// Reads the fields of one table, and knows which were asked for.
package struct TableReader {
    package let reader: DocumentReader
    package let value: DocumentValue
    private let fields: [String: DocumentValue]
    private let entries: [DocumentValue.Entry]

    /// The fields of a value, or nil, with a problem reported, where it is no table.
    package init?(_ value: DocumentValue, _ reader: DocumentReader) {
        guard let entries = reader.entries(value) else { return nil }
        self.reader = reader
        self.value = value
        self.entries = entries
        fields = Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// A field; nil where it is absent or null.
    package subscript(key: String) -> DocumentValue? {
        guard let value = fields[key] else { return nil }
        if case .null = value.content { return nil }
        return value
    }

    package func string(_ key: String) -> Located<String>? { self[key].flatMap(reader.string) }

    /// A field that must be there.
    package func required(_ key: String, remedy: String) -> Located<String>? {
        guard self[key] == nil else { return string(key) }
        reader.refuse(at: value.path[key], position: value.position, "is missing", remedy: remedy)
        return nil
    }

    package func strings(_ key: String) -> [Located<String>]? { self[key].flatMap(reader.strings) }

    package func integer(_ key: String) -> Located<Int>? { self[key].flatMap(reader.integer) }

    package func boolean(_ key: String) -> Located<Bool>? { self[key].flatMap(reader.boolean) }

    package func table(_ key: String) -> TableReader? { self[key].flatMap { TableReader($0, reader) } }

    /// The tables of a list; elements that are no tables are reported and left out.
    package func tables(_ key: String) -> [TableReader] {
        guard let value = self[key] else { return [] }
        if case .table = value.content {
            reader.refuse(
                value, "must be a list of tables, not one table",
                remedy: "begin each with [[\(key)]] in a lab file, or with - in a manifest")
            return []
        }
        guard let values = reader.list(value) else { return [] }
        return values.compactMap { TableReader($0, reader) }
    }

    /// A table of strings; entries that are no strings are reported and left out.
    package func dictionary(_ key: String) -> [String: String] {
        guard let value = self[key], let entries = reader.entries(value) else { return [:] }
        let pairs = entries.compactMap { entry in reader.string(entry.value).map { (entry.key, $0.value) } }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    /// A list of addresses, or nil where it is absent or one of them is no address.
    func addresses(_ key: String) -> [Located<IPAddress>]? {
        parsed(key, "an IP address", example: "192.168.1.10 or fd00::10") { IPAddress($0) }
    }

    /// A list of blocks, or nil where it is absent or one of them is no block.
    func cidrs(_ key: String) -> [Located<CIDR>]? {
        parsed(key, "an address range", example: "10.244.0.0/16 or fd00:10:244::/56", hint: Self.network) { CIDR($0) }
    }

    private static func network(of text: String) -> String? {
        InterfaceAddress(text).map { "has bits set behind its prefix; write \"\($0.cidr)\"" }
    }

    private func parsed<Value: Sendable>(
        _ key: String, _ what: String, example: String, hint: (String) -> String? = { _ in nil },
        _ parse: (String) -> Value?
    ) -> [Located<Value>]? {
        guard let texts = strings(key) else { return nil }
        if texts.isEmpty, let value = self[key] {
            reader.refuse(value, "is an empty list", remedy: "give \(what), or leave the key out for the default")
            return nil
        }
        let values = texts.map { text -> Located<Value>? in
            if let value = parse(text.value) { return Located(value: value, source: text.source) }
            let detail = hint(text.value)?.split(separator: "; ", maxSplits: 1).map(String.init)
            reader.refuse(
                text.source,
                Shown.quoted(text.value) + " " + (detail?.first ?? "is not \(what)"),
                remedy: detail?.last ?? "write \(what), such as \(example)")
            return nil
        }
        let read = values.compactMap { $0 }
        return read.count == values.count ? read : nil
    }

    /// Reports every key that is not one of these.
    package func refuseUnknownKeys(besides known: [String], in table: String) {
        for entry in entries where !known.contains(entry.key) {
            let near = reader.isFull ? nil : Suggestion.nearest(to: entry.key, among: known)
            reader.refuse(
                entry.value, "\(table) has no key \(Shown.quoted(entry.key))",
                remedy: near.map { "did you mean \"\($0)\"?" } ?? "its keys are \(known.joined(separator: ", "))")
        }
    }
}
