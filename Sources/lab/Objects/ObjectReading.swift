import KubernetesModel
import Runtime

/// Carries out `lab get`.
struct ObjectReading {
    private let verb: Get
    private let arguments: ResourceArguments
    private let format: ObjectFormat
    private let sorting: Sorting?
    private let api: LabAPI
    private let output = FileHandleStream.standardOutput

    init(_ verb: Get, _ arguments: ResourceArguments, _ format: ObjectFormat, _ sorting: Sorting?, _ api: LabAPI) {
        self.verb = verb
        self.arguments = arguments
        self.format = format
        self.sorting = sorting
        self.api = api
    }

    func run() throws {
        if verb.watch || verb.watchOnly { return try watch() }
        var hasShown = false
        var refusals: [APIStatus] = []
        if case .table(let isWide) = format {
            (hasShown, refusals) = try showTables(isWide)
        } else {
            (hasShown, refusals) = try showObjects()
        }
        for refusal in refusals { FileHandleStream.standardError.write(Complaint.text(refusal) + "\n") }
        guard refusals.isEmpty else { throw ExitStatus(status: Exit.failed) }
        if !hasShown, !verb.ignoreNotFound { sayNothingFound() }
    }

    private func sayNothingFound() {
        let isNamespaced = !verb.allNamespaces && arguments.types.allSatisfy(\.isNamespaced)
        FileHandleStream.standardError.write(
            isNamespaced ? "No resources found in \(verb.namespace) namespace.\n" : "No resources found\n")
    }

    private func path(_ item: ResourceArguments.Item) -> String {
        item.type.path(namespace: verb.allNamespaces ? nil : verb.namespace, name: item.name)
    }

    private var query: [(name: String, value: String)] {
        LabAPI.selection(labels: verb.selector, fields: verb.fieldSelector)
    }

    /// Whether an error is for the list of refusals: the other objects are shown all the same.
    private func note(_ status: APIStatus, _ refusals: inout [APIStatus]) {
        if status.code == 404, verb.ignoreNotFound { return }
        refusals.append(status)
    }

    // MARK: Tables

    private func showTables(_ isWide: Bool) throws -> (hasShown: Bool, refusals: [APIStatus]) {
        var refusals: [APIStatus] = []
        var tables: [(type: ResourceType, table: ServerTable)] = []
        for type in arguments.types {
            var rows: [ServerTable.Row] = []
            var table: ServerTable?
            for item in arguments.items where item.type == type {
                do {
                    let part = try self.table(item)
                    rows += part.rows
                    table = part
                } catch let status as APIStatus { note(status, &refusals) }
            }
            guard var table, !rows.isEmpty else { continue }
            table.rows = try sorting?.sorted(rows, \.object) ?? rows
            tables.append((type, table))
        }
        // Kinds are told where several were asked for; where objects were named, only if several were found.
        let withKind = arguments.areSeveralKinds || tables.count > 1
        for (index, (type, table)) in tables.enumerated() {
            var printer = printer(type, isWide, withKind: withKind)
            output.write((index > 0 && !verb.noHeaders ? "\n" : "") + printer.text(of: table))
        }
        return (!tables.isEmpty, refusals)
    }

    private func table(_ item: ResourceArguments.Item) throws -> ServerTable {
        let inclusion = sorting == nil ? [] : [(name: "includeObject", value: "Object")]
        return ServerTable(try api.client.document(path(item), query: query + inclusion, accept: APIClient.table))
    }

    private func printer(_ type: ResourceType, _ isWide: Bool, withKind: Bool = false) -> TablePrinter {
        TablePrinter(
            type,
            .init(
                isWide: isWide, withNamespace: verb.allNamespaces && type.isNamespaced,
                withKind: withKind, withLabels: verb.showLabels,
                hasHeadings: !verb.noHeaders))
    }

    // MARK: Objects

    private func showObjects() throws -> (hasShown: Bool, refusals: [APIStatus]) {
        var refusals: [APIStatus] = []
        var objects: [APIObject] = []
        for item in arguments.items {
            do {
                if item.name == nil {
                    let namespace = verb.allNamespaces ? nil : verb.namespace
                    objects += try api.list(
                        item.type, namespace: namespace, labels: verb.selector, fields: verb.fieldSelector
                    ).objects
                } else {
                    objects.append(APIObject(try api.client.document(path(item))))
                }
            } catch let status as APIStatus { note(status, &refusals) }
        }
        objects = try sorting?.sorted(objects) { $0 } ?? objects
        if objects.isEmpty, arguments.isSingle || !refusals.isEmpty { return (true, refusals) }
        try show(objects, isSingle: arguments.isSingle)
        if case .customColumns = format { return (!objects.isEmpty, refusals) }
        return (true, refusals)
    }

    private func show(_ objects: [APIObject], isSingle: Bool) throws {
        let shown = verb.showManagedFields ? objects : objects.map(\.withoutManagedFields)
        do {
            output.write(
                try format.text(of: shown, isSingle: isSingle, hasHeadings: !verb.noHeaders && !objects.isEmpty))
        } catch let error as JSONPath.Failure {
            throw Complaint("error: \(error)")
        }
    }

    // MARK: Watching

    private func watch() throws {
        guard let item = arguments.items.first else { return }
        let type = item.type
        let collection = type.path(namespace: verb.allNamespaces ? nil : verb.namespace)
        var query = self.query
        if let name = item.name {
            // A named object that does not exist is an error, as with kubectl.
            _ = try api.client.document(path(item))
            query.append(("fieldSelector", "metadata.name=\(name)"))
        }
        guard case .table(let isWide) = format else { return try watchObjects(collection, query) }
        var printer = printer(type, isWide)
        let table = ServerTable(try api.client.document(collection, query: query, accept: APIClient.table))
        if !verb.watchOnly {
            var first = table
            first.rows = try sorting?.sorted(table.rows, \.object) ?? table.rows
            output.write(printer.text(of: first))
        }
        try api.watch(collection, from: table.version, query: query, accept: APIClient.table) { _, object in
            output.write(printer.text(of: ServerTable(object)))
            return true
        }
    }

    private func watchObjects(_ collection: String, _ query: [(name: String, value: String)]) throws {
        let document = try api.client.document(collection, query: query)
        if !verb.watchOnly {
            for item in document["items"]?.array ?? [] { try showChange(item) }
        }
        let version = document[path: ["metadata", "resourceVersion"]]?.string ?? ""
        try api.watch(collection, from: version, query: query, accept: "application/json") { _, object in
            try showChange(object)
            return true
        }
    }

    private func showChange(_ value: JSONValue) throws {
        if case .yaml = format { output.write("---\n") }
        try show([APIObject(value)], isSingle: true)
    }
}
