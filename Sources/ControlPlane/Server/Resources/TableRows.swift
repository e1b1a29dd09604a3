internal import KubernetesModel

/// What a kind's objects look like in a table.
struct TableRows: Sendable {
    let type: ResourceType

    /// The columns (meta/v1 TableColumnDefinition).
    var columns: JSONValue {
        [
            [
                "name": "Name", "type": "string", "format": "name", "priority": 0,
                "description": "Name must be unique within a namespace.",
            ],
            ["name": "Age", "type": "string", "format": "", "priority": 0, "description": "When it was created."],
        ]
    }

    /// An object's cells.
    func cells(of object: APIObject) -> JSONValue {
        [.string(object.name), .string(object.creationTimestamp ?? "<unknown>")]
    }
}
