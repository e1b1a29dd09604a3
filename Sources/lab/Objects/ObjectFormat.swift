import KubernetesModel

/// How `lab get` shows objects (`-o`).
enum ObjectFormat {
    case table(isWide: Bool)
    case json
    case yaml
    case name
    case jsonPath(JSONPath)
    case customColumns(CustomColumns)

    /// - Throws: `Complaint` where the word is none of kubectl's, or what follows it cannot be read.
    init(parsing text: String?) throws {
        guard let text, !text.isEmpty else {
            self = .table(isWide: false)
            return
        }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let rest = parts.count > 1 ? parts[1] : ""
        do {
            switch parts[0] {
            case "wide" where parts.count == 1: self = .table(isWide: true)
            case "json" where parts.count == 1: self = .json
            case "yaml" where parts.count == 1: self = .yaml
            case "name" where parts.count == 1: self = .name
            case "jsonpath": self = .jsonPath(try JSONPath(parsing: rest))
            case "custom-columns": self = .customColumns(try CustomColumns(parsing: rest))
            default:
                throw Complaint(Self.unknown(text), status: Exit.usage)
            }
        } catch let error as JSONPath.Failure {
            throw Complaint("error: \(error)", status: Exit.usage)
        }
    }

    private static func unknown(_ text: String) -> String {
        "error: unable to match a printer suitable for the output format \"\(text)\", allowed formats are: "
            + "custom-columns,json,jsonpath,name,wide,yaml"
    }

    /// The text of objects; `isSingle` where one was asked for by its name.
    func text(of objects: [APIObject], isSingle: Bool, hasHeadings: Bool) throws -> String {
        switch self {
        case .json: return Self.document(objects, isSingle).prettyText(indentation: 4) + "\n"
        case .yaml: return Self.document(objects, isSingle).yamlText
        case .jsonPath(let path): return try path.text(for: Self.document(objects, isSingle))
        case .name:
            return objects.map { object in
                let type = ResourceType.of(apiVersion: object.apiVersion, kind: object.kind)
                return (type?.printedName(of: object) ?? object.name) + "\n"
            }.joined()
        case .customColumns(let columns):
            var table = TableText(headings: columns.headings)
            let rows = try objects.map { try columns.cells(of: $0) }
            return (hasHeadings ? table.heading(before: rows) : "") + table.text(of: rows)
        case .table: return ""
        }
    }

    private static func document(_ objects: [APIObject], _ isSingle: Bool) -> JSONValue {
        if isSingle, let only = objects.first { return only.value }
        return [
            "apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""],
            "items": .array(objects.map(\.value)),
        ]
    }
}

extension APIObject {
    /// The object without the record of who owns which field.
    var withoutManagedFields: APIObject {
        var object = self
        object["metadata", "managedFields"] = nil
        return object
    }
}
