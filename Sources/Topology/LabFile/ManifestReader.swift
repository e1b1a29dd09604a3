import KubernetesModel

/// Reads the objects of one document of a manifest.
struct ManifestReader {
    private let reader: DocumentReader
    private let number: Int
    private let namespace: String
    private(set) var objects: [ManifestObject] = []

    /// - Parameters:
    ///   - number: the document's place in the file, from 1.
    ///   - namespace: the namespace of objects that name none.
    init(_ reader: DocumentReader, number: Int, namespace: String) {
        self.reader = reader
        self.number = number
        self.namespace = namespace
    }

    /// Reads an object, or the items of a list of objects.
    mutating func read(_ document: DocumentValue) {
        guard let table = TableReader(document, reader),
            let kind = table.required("kind", remedy: "write the object's kind, such as kind: Service"),
            let version = table.required("apiVersion", remedy: "write apiVersion: \(Self.version(of: kind.value))")
        else { return }
        if kind.value == "List", version.value == "v1" {
            for item in items(of: table, "List") { read(item: item, nil) }
        } else if let type = Self.listType(apiVersion: version.value, kind: kind.value) {
            for item in items(of: table, kind.value) { read(item: item, type) }
        } else if let type = type(version, kind) {
            read(table, as: type)
        }
    }

    private func items(of table: TableReader, _ kind: String) -> [TableReader] {
        if table["items"] == nil {
            reader.refuse(table.value, "a \(kind) needs items", remedy: "list the objects under items")
        }
        return table.tables("items")
    }

    /// Reads an item of a list. Those of a list of one kind may leave their kind out, as the API server sends them.
    private mutating func read(item: TableReader, _ type: ResourceType?) {
        if let type, item["kind"] == nil, item["apiVersion"] == nil { return read(item, as: type) }
        guard let kind = item.required("kind", remedy: "write the object's kind, such as kind: Service"),
            let version = item.required("apiVersion", remedy: "write apiVersion: \(Self.version(of: kind.value))")
        else { return }
        if kind.value == "List" || Self.listType(apiVersion: version.value, kind: kind.value) != nil {
            reader.refuse(kind.source, "a list cannot stand in a list", remedy: "list its items in the outer one")
            return
        }
        guard let own = self.type(version, kind) else { return }
        if let type, type != own {
            reader.refuse(
                kind.source, "a \(own.kind) cannot stand in a \(type.listKind)",
                remedy: "use kind: List, apiVersion: v1")
            return
        }
        read(item, as: own)
    }

    // MARK: Kinds

    /// The kind of an object, or nil, with the problem reported, where it is none that is served.
    private func type(_ version: Located<String>, _ kind: Located<String>) -> ResourceType? {
        if let type = ResourceType.of(apiVersion: version.value, kind: kind.value) { return type }
        let isVersion = ResourceType.all.contains { $0.kind == kind.value }
        reader.refuse(
            isVersion ? version.source : kind.source,
            "no matches for kind \(Shown.quoted(kind.value)) in version \(Shown.quoted(version.value))",
            remedy: Self.remedy(version.value, kind.value))
        return nil
    }

    private static func remedy(_ version: String, _ kind: String) -> String {
        if kind == "List" || kind.hasSuffix("List") && ResourceType.all.contains(where: { $0.listKind == kind }) {
            return "write apiVersion: \(Self.version(of: kind))"
        }
        if let type = ResourceType.all.first(where: { $0.kind == kind }) {
            return "write apiVersion: \(type.apiVersion)"
        }
        let kinds = ResourceType.all.map(\.kind)
        if let near = kinds.first(where: { $0.lowercased() == kind.lowercased() }) {
            return "did you mean \"\(near)\"?"
        }
        if let index = nearest(to: kind, among: kinds) { return "did you mean \"\(kinds[index])\"?" }
        return "lab has the kinds \(kinds.sorted().joined(separator: ", "))"
    }

    private static func nearest(to word: String, among known: [String]) -> Int? {
        let lower = known.map { $0.lowercased() }
        return Suggestion.nearest(to: word, among: lower).flatMap { lower.firstIndex(of: $0) }
    }

    private static func listType(apiVersion: String, kind: String) -> ResourceType? {
        guard kind.hasSuffix("List") else { return nil }
        return ResourceType.of(apiVersion: apiVersion, kind: String(kind.dropLast(4)))
    }

    /// The version that a kind most likely is of.
    private static func version(of kind: String) -> String {
        ResourceType.all.first { $0.kind == kind || $0.listKind == kind }?.apiVersion ?? "v1"
    }

    // MARK: Objects

    private mutating func read(_ table: TableReader, as type: ResourceType) {
        guard !refuseOddValues(in: table.value) else { return }
        var object = APIObject(table.value.json)
        object["apiVersion"] = .string(type.apiVersion)
        object["kind"] = .string(type.kind)
        var isNamed = true
        if let metadata = table["metadata"] {
            if case .table = metadata.content {} else { isNamed = false }
        }
        if isNamed, type.isNamespaced, object["metadata", "namespace"].map({ $0.isNull || $0 == "" }) ?? true {
            object.namespace = namespace
        }
        objects.append(
            ManifestObject(type: type, object: object, file: reader.file, document: number, source: table.value))
    }

    /// Whether there are values that JSON does not have; each is reported.
    private func refuseOddValues(in value: DocumentValue) -> Bool {
        switch value.content {
        case .other(let name):
            reader.refuse(
                value, "is \(name), which JSON does not have", remedy: "write it as a string, in quotation marks")
            return true
        case .list(let values): return values.reduce(false) { refuseOddValues(in: $1) || $0 }
        case .table(let entries): return entries.reduce(false) { refuseOddValues(in: $1.value) || $0 }
        default: return false
        }
    }
}
