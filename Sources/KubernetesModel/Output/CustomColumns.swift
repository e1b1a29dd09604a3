/// kubectl's `-o custom-columns=NAME:.metadata.name,IP:.status.podIP`.
public struct CustomColumns: Hashable, Sendable {
    private let columns: [Column]

    private struct Column: Hashable {
        let heading: String
        let path: JSONPath
    }

    /// Reads headings and paths; a path may do without braces and the first dot.
    ///
    /// - Throws: `JSONPath.Failure` where a column has no path, or one that cannot be read.
    public init(parsing text: String) throws(JSONPath.Failure) {
        if text.isEmpty { throw JSONPath.Failure("custom-columns format specified but no custom columns given") }
        var columns: [Column] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let colon = part.firstIndex(of: ":") else {
                throw JSONPath.Failure(
                    "unexpected custom-columns spec: \(part.prefix(100)), expected <header>:<json-path-expr>")
            }
            var path = String(part[part.index(after: colon)...])
            if path.hasPrefix("{"), path.hasSuffix("}") { path = String(path.dropFirst().dropLast()) }
            if !path.hasPrefix("."), !path.hasPrefix("["), !path.hasPrefix("$") { path = "." + path }
            columns.append(Column(heading: String(part[..<colon]), path: try JSONPath(parsing: "{\(path)}")))
        }
        self.columns = columns
    }

    /// The headings.
    public var headings: [String] { columns.map(\.heading) }

    /// The cells of an object's row: `<none>` where there is nothing, several values with commas between them.
    ///
    /// - Throws: `JSONPath.Failure` as `JSONPath.text(for:)` does.
    public func cells(of object: APIObject) throws(JSONPath.Failure) -> [String] {
        var cells: [String] = []
        for column in columns {
            let values = try column.path.values(in: object.value)
            cells.append(values.map(\.goText).joined(separator: ",").or(Labels.none))
        }
        return cells
    }
}

extension JSONValue {
    /// The value as Go's `%v` prints it, which kubectl has in custom columns: `[a b]`, `map[k:v]`.
    fileprivate var goText: String {
        switch self {
        case .null: Labels.none
        case .array(let elements): "[\(elements.map(\.goText).joined(separator: " "))]"
        case .object(let fields):
            "map[" + fields.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.goText)" }.joined(separator: " ")
                + "]"
        default: plainText
        }
    }
}

extension ResourceType {
    /// An object's name as `-o name` prints it: `pod/web`, `deployment.apps/web`.
    public func printedName(of object: APIObject) -> String {
        (group.isEmpty ? singular : "\(singular).\(group)") + "/" + object.name
    }
}
