/// A column of what `kubectl get` prints (meta/v1 TableColumnDefinition).
public struct TableColumn: Hashable, Sendable {
    /// The heading; kubectl prints it in capitals.
    public let name: String
    /// `string` or `integer`.
    public let type: String
    /// `name` for the column that names the object, or empty.
    public let format: String
    /// 0 for columns that are always shown, 1 for those of `-o wide`.
    public let priority: Int
    /// What the column tells.
    public let description: String

    init(_ name: String, _ description: String, type: String = "string", format: String = "", priority: Int = 0) {
        self.name = name
        self.type = type
        self.format = format
        self.priority = priority
        self.description = description
    }

    /// The definition as clients get it.
    public var value: JSONValue {
        [
            "name": .string(name), "type": .string(type), "format": .string(format),
            "description": .string(description), "priority": .integer(Int64(priority)),
        ]
    }
}

extension TableColumn {
    static let name = TableColumn("Name", "The object's name, unique within its namespace.", format: "name")
    static let age = TableColumn("Age", "The time since the object was created.")

    static func wide(_ name: String, _ description: String, type: String = "string", format: String = "")
        -> TableColumn
    {
        TableColumn(name, description, type: type, format: format, priority: 1)
    }

    static func number(_ name: String, _ description: String, priority: Int = 0) -> TableColumn {
        TableColumn(name, description, type: "integer", priority: priority)
    }
}
