package import KubernetesModel

extension DocumentValue {
    /// The value as JSON, without its places; values of types that JSON does not have are null.
    package var json: JSONValue {
        switch content {
        case .string(let text): .string(text)
        case .integer(let number): .integer(Int64(number))
        case .boolean(let flag): .bool(flag)
        case .number(let number): .number(number)
        case .null, .other: .null
        case .list(let values): .array(values.map(\.json))
        case .table(let entries): .object(Dictionary(entries.map { ($0.key, $0.value.json) }) { $1 })
        }
    }

    /// A value that was not written in a file.
    package init(_ json: JSONValue, at path: FieldPath = .root) {
        self.path = path
        position = nil
        switch json {
        case .null: content = .null
        case .bool(let flag): content = .boolean(flag)
        case .integer(let number): content = .integer(Int(number))
        case .number(let number): content = .number(number)
        case .string(let text): content = .string(text)
        case .array(let values):
            content = .list(values.enumerated().map { DocumentValue($1, at: path[$0]) })
        case .object(let fields):
            let entries = fields.sorted { $0.key < $1.key }
            content = .table(entries.map { Entry(key: $0.key, value: DocumentValue($0.value, at: path[$0.key])) })
        }
    }

    /// Where the value at a path of the API's spelling was written, such as `spec.ports[0].port` or
    /// `metadata.labels.a.b/c`; of one that was not written, where the nearest value around it was.
    package func position(of field: String) -> Position? {
        var value = self
        var known = position
        var rest = field[...]
        while !rest.isEmpty, let next = value.step(into: &rest) {
            value = next
            known = next.position ?? known
        }
        return known
    }

    /// The value that a path's first step leads to. Keys may hold dots, so the longest that fits is meant.
    private func step(into path: inout Substring) -> DocumentValue? {
        if path.first == "." { path.removeFirst() }
        let bracket = path.first == "[" ? path.firstIndex(of: "]") : nil
        switch content {
        case .list(let values):
            guard let bracket, let index = Int(path[..<bracket].dropFirst()), values.indices.contains(index) else {
                return nil
            }
            path = path[bracket...].dropFirst()
            return values[index]
        case .table(let entries):
            if let bracket {
                let key = path[..<bracket].dropFirst()
                path = path[bracket...].dropFirst()
                return entries.first { $0.key == key }?.value
            }
            let candidates = entries.filter { entry in
                guard path.hasPrefix(entry.key) else { return false }
                let next = path.dropFirst(entry.key.count).first
                return next == nil || next == "." || next == "["
            }
            guard let entry = candidates.max(by: { $0.key.count < $1.key.count }) else { return nil }
            path = path.dropFirst(entry.key.count)
            return entry.value
        default: return nil
        }
    }
}
