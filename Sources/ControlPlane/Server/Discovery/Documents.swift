internal import KubernetesModel

/// The documents that tell what the server serves. They never change.
final class Documents: Sendable {
    /// `/api`.
    let coreVersions: [UInt8]
    /// `/apis`.
    let groups: [UInt8]
    /// `/apis/GROUP`, by group.
    let group: [String: [UInt8]]
    /// `/api/v1` and `/apis/GROUP/VERSION`, by apiVersion.
    let resources: [String: [UInt8]]
    /// OpenAPI.
    let openAPI = OpenAPIDocuments()

    init() {
        coreVersions = Self.coreVersionsDocument.bytes
        let names = Self.namedGroups
        groups =
            JSONValue.object([
                "kind": "APIGroupList", "apiVersion": "v1",
                "groups": .array(names.map { .object(Self.groupFields($0)) }),
            ]).bytes
        group = Dictionary(
            uniqueKeysWithValues: names.map { name in
                let fields = Self.groupFields(name).merging(["kind": "APIGroup", "apiVersion": "v1"]) { $1 }
                return (name, JSONValue.object(fields).bytes)
            })
        resources = Dictionary(
            uniqueKeysWithValues: Self.apiVersions.map { ($0, Self.resourceList($0).bytes) })
    }

    private static let coreVersionsDocument: JSONValue = [
        "kind": "APIVersions", "versions": ["v1"],
        "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": ""]],
    ]

    /// The groups with a name, in the order of discovery, each with its one version.
    static let namedGroups: [String] = {
        var groups: [String] = []
        for type in ResourceType.all where !type.group.isEmpty && !groups.contains(type.group) {
            groups.append(type.group)
        }
        return groups + ReviewKind.allCases.map(\.group)
    }()

    /// The versions of all groups, the core group's first.
    static let apiVersions: [String] = ["v1"] + namedGroups.map { "\($0)/\(version(of: $0))" }

    static func version(of group: String) -> String { ResourceType.all.first { $0.group == group }?.version ?? "v1" }

    private static func groupFields(_ name: String) -> [String: JSONValue] {
        let version = version(of: name)
        let entry: JSONValue = ["groupVersion": .string("\(name)/\(version)"), "version": .string(version)]
        return ["name": .string(name), "versions": [entry], "preferredVersion": entry]
    }

    // MARK: Resources

    private static func resourceList(_ apiVersion: String) -> JSONValue {
        let types = ResourceType.all.filter { $0.apiVersion == apiVersion }
        let reviews = ReviewKind.allCases.filter { "\($0.group)/v1" == apiVersion }
        return [
            "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string(apiVersion),
            "resources": .array(
                types.flatMap { [resource($0)] + $0.subresources.map(Subresources.entry(of: $0)) }
                    + reviews.map(review)),
        ]
    }

    private static func resource(_ type: ResourceType) -> JSONValue {
        var fields: [String: JSONValue] = [
            "name": .string(type.plural), "singularName": .string(type.singular),
            "namespaced": .bool(type.isNamespaced),
            "kind": .string(type.kind), "verbs": verbs(of: type),
        ]
        if !type.shortNames.isEmpty { fields["shortNames"] = .array(type.shortNames.map { .string($0) }) }
        if !type.categories.isEmpty { fields["categories"] = .array(type.categories.map { .string($0) }) }
        return .object(fields)
    }

    private static func review(_ kind: ReviewKind) -> JSONValue {
        [
            "name": .string(kind.plural), "singularName": .string(kind.kind.lowercased()), "namespaced": false,
            "kind": .string(kind.kind), "verbs": ["create"],
        ]
    }

    /// What can be done with a kind's objects. Namespaces go one by one.
    static func verbs(of type: ResourceType) -> JSONValue {
        let verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
        return .array(verbs.filter { type != .namespaces || $0 != "deletecollection" }.map { .string($0) })
    }
}

/// What discovery tells of the parts of objects.
enum Subresources {
    /// The entry of a version's list of resources.
    static func entry(of type: ResourceType) -> (_ name: String) -> JSONValue {
        { name in
            let response = response(name, type)
            var fields: [String: JSONValue] = [
                "name": .string("\(type.plural)/\(name)"), "singularName": "", "namespaced": .bool(type.isNamespaced),
                "kind": .string(response.kind), "verbs": verbs(name),
            ]
            if response.group != type.group || response.version != type.version {
                fields["group"] = .string(response.group)
                fields["version"] = .string(response.version)
            }
            return .object(fields)
        }
    }

    /// What can be done with a part.
    static func verbs(_ name: String) -> JSONValue {
        switch name {
        case "status", "scale": ["get", "patch", "update"]
        case "log": ["get"]
        case "exec", "attach", "portforward": ["create", "get"]
        case "finalize": ["update"]
        default: ["create"]
        }
    }

    /// The kind of a part.
    static func response(_ name: String, _ type: ResourceType) -> (group: String, version: String, kind: String) {
        switch name {
        case "scale": ("autoscaling", "v1", "Scale")
        case "exec": ("", "v1", "PodExecOptions")
        case "attach": ("", "v1", "PodAttachOptions")
        case "portforward": ("", "v1", "PodPortForwardOptions")
        case "binding": ("", "v1", "Binding")
        case "eviction": ("policy", "v1", "Eviction")
        default: (type.group, type.version, type.kind)
        }
    }
}
