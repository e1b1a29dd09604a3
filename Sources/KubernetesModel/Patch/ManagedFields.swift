/// Who owns which fields of an object (metadata.managedFields, meta/v1 ManagedFieldsEntry).
public struct ManagedFields: Sendable {
    /// One manager's way of writing one part of the object; each has an entry of its own.
    struct Identity: Hashable {
        var manager: String
        var operation: String
        var apiVersion: String
        var subresource: String

        static let apply = "Apply"
        static let update = "Update"

        /// An applier stays the same in all versions.
        func isSameManager(as other: Identity) -> Bool {
            manager == other.manager && operation == other.operation && subresource == other.subresource
                && (operation == Self.apply || apiVersion == other.apiVersion)
        }
    }

    /// What one of them owns.
    struct Entry {
        let identity: Identity
        let time: String?
        private var content: Content

        /// Most entries of a stored object stay as they are, and need not be read.
        private enum Content {
            /// As this module has written it.
            case written(JSONValue)
            case read(FieldSet)
        }

        init(identity: Identity, time: String?, fields: FieldSet) {
            self.identity = identity
            self.time = time
            content = .read(fields)
        }

        /// Nil where it does not say what somebody owns.
        fileprivate init?(_ element: JSONValue, isOwn: Bool) {
            guard let operation = element["operation"]?.string, let fields = element["fieldsV1"] else { return nil }
            identity = Identity(
                manager: element["manager"]?.string ?? "", operation: operation,
                apiVersion: element["apiVersion"]?.string ?? "", subresource: element["subresource"]?.string ?? "")
            time = element["time"]?.string
            content = isOwn ? .written(element) : .read(FieldSet(fields))
        }

        var fields: FieldSet {
            switch content {
            case .written(let element): FieldSet(element["fieldsV1"] ?? [:])
            case .read(let fields): fields
            }
        }

        var isEmpty: Bool {
            switch content {
            case .written(let element): element["fieldsV1"] == [:]
            case .read(let fields): fields.isEmpty
            }
        }

        /// Takes fields away.
        mutating func subtract(_ other: FieldSet) {
            if case .written(let element) = content {
                let own = element["fieldsV1"]?.object ?? [:]
                if !other.isMember, other.children.keys.allSatisfy({ own[$0] == nil }) { return }
            }
            content = .read(fields.subtracting(other))
        }

        var value: JSONValue {
            if case .written(let element) = content { return element }
            var value: [String: JSONValue] = [
                "manager": .string(identity.manager), "operation": .string(identity.operation),
                "apiVersion": .string(identity.apiVersion), "fieldsType": "FieldsV1", "fieldsV1": fields.value,
            ]
            if let time { value["time"] = .string(time) }
            if !identity.subresource.isEmpty { value["subresource"] = .string(identity.subresource) }
            return .object(value)
        }
    }

    var entries: [Entry] = []

    /// Reads what an object says of itself.
    ///
    /// - Parameter isStored: whether the object comes from the store, where only this type writes them.
    init(of object: APIObject?, isStored: Bool = false) {
        entries = (object?["metadata", "managedFields"]?.array ?? []).compactMap { Entry($0, isOwn: isStored) }
    }

    /// The value of metadata.managedFields, or nil where nobody owns anything.
    var value: JSONValue? {
        let sorted = entries.filter { !$0.isEmpty }.sorted { one, other in
            let (a, b) = (one.identity, other.identity)
            return (a.operation, one.time ?? "", a.manager, a.apiVersion, a.subresource)
                < (b.operation, other.time ?? "", b.manager, b.apiVersion, b.subresource)
        }
        return sorted.isEmpty ? nil : .array(sorted.map(\.value))
    }

    /// What a manager owns.
    subscript(identity: Identity) -> FieldSet? {
        entries.first { $0.identity.isSameManager(as: identity) }?.fields
    }

    /// What all of them own together.
    var union: FieldSet { entries.reduce(.empty) { $0.union($1.fields) } }

    /// Puts a manager's fields in the place of what it had; an empty set removes it.
    mutating func set(_ identity: Identity, _ fields: FieldSet, time: String) {
        entries.removeAll { $0.identity.isSameManager(as: identity) }
        if !fields.isEmpty { entries.append(Entry(identity: identity, time: time, fields: fields)) }
    }

    /// The entries of updates that are kept apart.
    static let largestCount = 10

    /// Keeps the list short whatever names clients give themselves: the oldest updates become one entry.
    mutating func cap() {
        let updates = entries.filter { $0.identity.operation == Identity.update }
        guard updates.count > Self.largestCount else { return }
        let oldest = updates.sorted { ($0.time ?? "", $0.identity.manager) < ($1.time ?? "", $1.identity.manager) }
            .prefix(updates.count - Self.largestCount + 1)
        guard let newest = oldest.last else { return }
        let fields = oldest.reduce(FieldSet.empty) { $0.union($1.fields) }
        let gone = Set(oldest.map(\.identity))
        entries.removeAll { gone.contains($0.identity) }
        let identity = Identity(
            manager: "ancient-changes", operation: Identity.update, apiVersion: newest.identity.apiVersion,
            subresource: "")
        entries.append(Entry(identity: identity, time: newest.time, fields: fields))
    }

    /// Takes fields from everybody but one.
    mutating func take(_ fields: FieldSet, forAllBut identity: Identity) {
        guard !fields.isEmpty else { return }
        for place in entries.indices where !entries[place].identity.isSameManager(as: identity) {
            entries[place].subtract(fields)
        }
        entries.removeAll(where: \.isEmpty)
    }
}

extension ManagedFields {
    /// Fields that belong to the system and are owned by nobody.
    static let systemFields = FieldSet(paths: [
        ["f:apiVersion"], ["f:kind"], ["f:metadata", "f:name"], ["f:metadata", "f:namespace"],
        ["f:metadata", "f:creationTimestamp"], ["f:metadata", "f:selfLink"], ["f:metadata", "f:uid"],
        ["f:metadata", "f:generation"], ["f:metadata", "f:managedFields"], ["f:metadata", "f:resourceVersion"],
        ["f:metadata", "f:deletionTimestamp"], ["f:metadata", "f:deletionGracePeriodSeconds"],
    ])

    private static let statusFields = FieldSet(paths: [["f:status"]])

    /// A set without what belongs to the system, and without the bare node of metadata.
    static func ownable(_ fields: FieldSet) -> FieldSet {
        var fields = fields.subtractingTrees(systemFields)
        fields.isMember = false
        if var metadata = fields.children["f:metadata"] {
            metadata.isMember = false
            fields.children["f:metadata"] = metadata.isEmpty ? nil : metadata
        }
        return fields
    }

    /// Writes down who changed what, for creates, updates and patches other than server-side apply: the manager owns
    /// what it set, and others lose what it changed or removed. Where nothing differs nothing is written.
    ///
    /// To be called with the object as it will be stored; its managedFields are set. Where the client sent
    /// managedFields they are the ground on which this is written down, `[{}]` being nobody; otherwise those of the
    /// former version.
    ///
    /// - Parameters:
    ///   - manager: the client's fieldManager.
    ///   - subresource: `status` or `scale` where the write is of that part.
    ///   - time: now, RFC 3339.
    ///   - old: the version before, or nil on creation.
    ///   - new: the version after.
    public static func record(
        manager: String, subresource: String? = nil, time: String, from old: APIObject?, to new: inout APIObject,
        schema: ObjectSchema
    ) {
        let sent = new["metadata", "managedFields"]
        var managed: ManagedFields
        if let old, sent == nil || sent == old["metadata", "managedFields"] {
            managed = ManagedFields(of: old, isStored: true)
        } else {
            managed = ManagedFields(of: new)
            if managed.entries.isEmpty {
                managed = sent == [[:]] ? ManagedFields() : ManagedFields(of: old, isStored: true)
            }
        }
        let changes = FieldChanges(
            from: plain(old)?.value, to: plain(new)?.value, .object(schema))
        let identity = Identity(
            manager: manager, operation: Identity.update, apiVersion: new.apiVersion, subresource: subresource ?? "")
        var changed = ownable(changes.changed)
        // Status is written as a subresource only; what a write of the rest brings of it is the server's own.
        if subresource == nil { changed = changed.subtractingTrees(statusFields) }
        managed.take(changed.union(ownable(changes.removed)), forAllBut: identity)
        let before = managed[identity] ?? .empty
        let after = before.subtracting(changes.removed).union(changed)
        if !changed.isEmpty || after != before { managed.set(identity, after, time: time) }
        managed.cap()
        new["metadata", "managedFields"] = managed.value
    }

    /// Whether two versions of an object are the same but for the times in managedFields: such a write changes nothing.
    public static func isUnchanged(_ old: APIObject, _ new: APIObject) -> Bool {
        func timeless(_ object: APIObject) -> APIObject {
            var object = object
            guard let entries = object["metadata", "managedFields"]?.array else { return object }
            object["metadata", "managedFields"] = .array(
                entries.map { entry in
                    var entry = entry
                    entry["time"] = nil
                    return entry
                })
            return object
        }
        return timeless(old) == timeless(new)
    }

    private init() {}

    /// The object without what changes by itself.
    private static func plain(_ object: APIObject?) -> APIObject? {
        guard var object else { return nil }
        object["metadata", "managedFields"] = nil
        object["metadata", "resourceVersion"] = nil
        return object
    }
}
