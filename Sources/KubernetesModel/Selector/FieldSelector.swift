/// Which objects are meant, by a few of their fields: `metadata.name=web,spec.clusterIP!=None`.
public struct FieldSelector: Hashable, Sendable {
    /// One condition; all of a selector's have to hold.
    public struct Requirement: Hashable, Sendable {
        /// The field's path.
        public let field: String
        /// What it is compared with.
        public let value: String
        /// Whether it has to be that, or anything else.
        public let isEqual: Bool
    }

    /// The conditions.
    public let requirements: [Requirement]

    /// Everything.
    public static let everything = FieldSelector(requirements: [])

    private init(requirements: [Requirement]) { self.requirements = requirements }

    /// The object of one name.
    public init(name: String) {
        requirements = [Requirement(field: "metadata.name", value: name, isEqual: true)]
    }

    /// Reads the form of query strings. A backslash takes the meaning from the character behind it.
    ///
    /// - Throws: `APIStatus` (400) where it cannot be read or the kind has no such selectable field.
    public init(parsing text: String, for type: ResourceType) throws(APIStatus) {
        var requirements: [Requirement] = []
        for part in Self.parts(of: text) where !Words.trimmed(part).isEmpty {
            let signs = ["!=", "==", "="]
            guard let range = signs.lazy.compactMap({ Words.range(of: $0, in: part) }).first else {
                throw .badRequest("invalid field selector \"\(part.prefix(200))\": give field=value or field!=value")
            }
            let field = Words.trimmed(String(part[..<range.lowerBound]))
            guard type.selectableFields.contains(field) else {
                throw .badRequest(
                    "Unable to find \"\(type.plural)\" that match label selector \"\", field selector "
                        + "\"\(text.prefix(200))\": field label not supported: \(field)")
            }
            let value = part[range.upperBound...].filter { $0 != "\\" }
            requirements.append(Requirement(field: field, value: value, isEqual: part[range] != "!="))
        }
        self.requirements = requirements
    }

    private static func parts(of text: String) -> [String] {
        var parts = [""]
        var isEscaped = false
        for character in text {
            if character == ",", !isEscaped {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return parts
    }

    /// Whether an object's selectable fields meet all conditions; a field that is absent is the empty text.
    public func matches(_ fields: [String: String]) -> Bool {
        requirements.allSatisfy { ((fields[$0.field] ?? "") == $0.value) == $0.isEqual }
    }

    /// Whether everything is meant.
    public var isEmpty: Bool { requirements.isEmpty }
}

extension ResourceType {
    /// The fields that can be selected by, as the API server has them for this kind.
    public var selectableFields: [String] {
        ["metadata.name", "metadata.namespace"] + (Self.furtherSelectableFields[self] ?? [])
    }

    /// Of every kind the fields, each with its path.
    private static let selectablePaths: [ResourceType: [(field: String, path: [String])]] = Dictionary(
        uniqueKeysWithValues: ResourceType.all.map { type in
            (type, type.selectableFields.map { ($0, $0.split(separator: ".").map(String.init)) })
        })

    private static let furtherSelectableFields: [ResourceType: [String]] = [
        .pods: [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
            "status.phase", "status.podIP", "status.nominatedNodeName",
        ],
        .services: ["spec.clusterIP", "spec.type"],
        .namespaces: ["status.phase"],
        .nodes: ["spec.unschedulable"],
        .secrets: ["type"],
        .replicaSets: ["status.replicas"],
        .events: [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
            "reportingComponent", "source", "type",
        ],
    ]

    /// An object's selectable fields and their values as text; absent ones are left out.
    public func selectableFields(of object: APIObject) -> [String: String] {
        var values: [String: String] = [:]
        for (field, path) in Self.selectablePaths[self] ?? [] {
            let value = object.value[path: path]
            switch value {
            case .string(let text): values[field] = text
            case .bool(let flag): values[field] = flag ? "true" : "false"
            case .integer(let number): values[field] = String(number)
            case .object where field == "source": values[field] = value?["component"]?.string
            default: break
            }
        }
        if self == .pods, values["spec.hostNetwork"] == nil { values["spec.hostNetwork"] = "false" }
        if self == .nodes, values["spec.unschedulable"] == nil { values["spec.unschedulable"] = "false" }
        return values
    }
}
