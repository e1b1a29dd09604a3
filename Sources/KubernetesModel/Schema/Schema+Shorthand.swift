extension Schema {
    /// A whole number of 32 bits.
    static let int32 = Schema.integer(bits: 32)
    /// A whole number of 64 bits.
    static let int64 = Schema.integer(bits: 64)
    /// Texts in an order that matters as a whole.
    static let strings = Schema.list(.string, .atomic)
    /// Labels and the like.
    static let stringMap = Schema.map(.string)
    /// Amounts by the name of what is measured (core/v1 ResourceList).
    static let resourceList = Schema.map(.quantity)

    /// Objects in a list that is replaced as a whole.
    static func objects(_ element: ObjectSchema) -> Schema { .list(.object(element), .atomic) }

    /// Objects that one field tells apart, for both kinds of merge.
    static func objects(_ element: ObjectSchema, by key: String) -> Schema {
        .list(.object(element), .map(keys: [key], mergeKey: key))
    }

    /// Objects that server-side apply tells apart by some fields, and strategic merge by one of them.
    static func objects(_ element: ObjectSchema, keys: [String], mergeKey: String?) -> Schema {
        .list(.object(element), .map(keys: keys, mergeKey: mergeKey))
    }
}

extension ObjectSchema {
    /// A kind of its own, with the fields that every kind has.
    static func kind(_ name: String, _ fields: [String: Schema]) -> ObjectSchema {
        let common: [String: Schema] = [
            "apiVersion": .string, "kind": .string, "metadata": .object(.objectMeta),
        ]
        return ObjectSchema(name, common.merging(fields) { $1 })
    }
}
