import KubernetesModel

/// A table as the API server answers it (meta.k8s.io/v1 Table).
struct ServerTable {
    struct Column {
        let name: String
        let isWide: Bool
    }

    struct Row {
        let cells: [String]
        let object: APIObject
    }

    let columns: [Column]
    var rows: [Row]
    let version: String

    init(_ value: JSONValue) {
        columns = (value["columnDefinitions"]?.array ?? []).map { column in
            Column(name: column["name"]?.string ?? "", isWide: (column["priority"]?.integer ?? 0) > 0)
        }
        rows = (value["rows"]?.array ?? []).map { row in
            Row(
                cells: (row["cells"]?.array ?? []).map { $0.string ?? ($0.isNull ? "<none>" : $0.text) },
                object: APIObject(row["object"] ?? .null))
        }
        version = value[path: ["metadata", "resourceVersion"]]?.string ?? ""
    }
}

/// Prints tables of one kind, one after the other, in the same columns.
struct TablePrinter {
    /// What the columns are besides those of the kind.
    struct Options {
        var isWide = false
        var withNamespace = false
        var withKind = false
        var withLabels = false
        var hasHeadings = true
    }

    let type: ResourceType
    let options: Options
    private var columns: [ServerTable.Column] = []
    private var layout: TableText?

    init(_ type: ResourceType, _ options: Options) {
        self.type = type
        self.options = options
    }

    /// The lines of a table's rows, headings first where they have not been printed. Columns that come with one table are
    /// those of the tables behind it.
    mutating func text(of table: ServerTable) -> String {
        if !table.columns.isEmpty { columns = table.columns }
        let rows = table.rows.map(cells)
        guard !rows.isEmpty else { return "" }
        let shown = columns.filter { options.isWide || !$0.isWide }.map { $0.name.uppercased() }
        let headings =
            (options.withNamespace ? ["NAMESPACE"] : []) + shown + (options.withLabels ? ["LABELS"] : [])
        var layout = self.layout ?? TableText(headings: headings)
        defer { self.layout = layout }
        let isFirst = self.layout == nil
        let heading = isFirst && options.hasHeadings ? layout.heading(before: rows) : ""
        return heading + layout.text(of: rows)
    }

    private func cells(_ row: ServerTable.Row) -> [String] {
        var cells = zip(columns, row.cells).filter { options.isWide || !$0.0.isWide }.map(\.1)
        if options.withKind, let name = cells.first {
            let kind = type.group.isEmpty ? type.singular : "\(type.singular).\(type.group)"
            cells[0] = "\(kind)/\(name)"
        }
        if options.withNamespace { cells.insert(row.object.namespace, at: 0) }
        if options.withLabels {
            let labels = row.object.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            cells.append(labels.isEmpty ? "<none>" : labels.joined(separator: ","))
        }
        return cells
    }
}
