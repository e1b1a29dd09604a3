/// What `kubectl describe` says of an object.
public struct Description {
    let object: APIObject
    let type: ResourceType
    let related: [APIObject]
    let events: [APIObject]
    let now: Int64
    var out = TabbedText()

    private init(_ object: APIObject, _ type: ResourceType, _ related: [APIObject], _ events: [APIObject], _ now: Int64)
    {
        self.object = object
        self.type = type
        self.related = related
        self.events = events
        self.now = now
    }

    /// An object in kubectl's layout, with its events at the end.
    ///
    /// - Parameters:
    ///   - related: what the description looks up: for a Service its EndpointSlices; for an Ingress the Services of its
    ///     backends and their EndpointSlices; for a Node its Lease and pods; for a Deployment its ReplicaSets; for a
    ///     ReplicaSet its pods.
    ///   - events: the events about the object.
    ///   - now: seconds since 1970-01-01T00:00:00Z, for ages.
    public static func text(
        of object: APIObject, type: ResourceType, related: [APIObject] = [], events: [APIObject] = [], now: Int64
    ) -> String {
        var description = Description(object, type, related, events, now)
        description.describe()
        return description.out.text
    }

    private mutating func describe() {
        switch type {
        case .pods: describePod()
        case .services: describeService()
        case .nodes: describeNode()
        case .namespaces: describeNamespace()
        case .deployments: describeDeployment()
        case .replicaSets: describeReplicaSet()
        case .endpoints: describeEndpoints()
        case .endpointSlices: describeEndpointSlice()
        case .networkPolicies: describeNetworkPolicy()
        case .ingresses: describeIngress()
        case .ingressClasses: describeIngressClass()
        case .configMaps: describeConfigMap()
        case .secrets: describeSecret()
        default: describeAnything()
        }
    }

    func related(_ type: ResourceType) -> [APIObject] {
        related.filter { $0.kind == type.kind && $0.apiVersion == type.apiVersion }
    }

    // MARK: Parts that many kinds have

    /// A line of the outermost level.
    mutating func line(_ key: String, _ value: String) { out.add(0, "\(key):\t\(value)") }

    /// A line that is only there where it has something to say.
    mutating func lineIfAny(_ key: String, _ value: String) {
        if !value.isEmpty { line(key, value) }
    }

    mutating func name() { line("Name", object.name) }

    mutating func nameAndNamespace() {
        name()
        if type.isNamespaced { line("Namespace", object.namespace) }
    }

    mutating func labelsAndAnnotations() {
        list("Labels", Self.pairs(object["metadata", "labels"]))
        annotations("Annotations", object["metadata", "annotations"])
    }

    /// A line for each value, `<none>` where there is none.
    mutating func list(_ key: String, _ values: [String]) {
        line(key, values.first ?? Labels.none)
        for value in values.dropFirst() { out.add(0, "\t\(value)") }
    }

    static func pairs(_ labels: JSONValue?) -> [String] {
        (labels?.object ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.plainText)" }
    }

    private static let longestAnnotation = 140

    mutating func annotations(_ key: String, _ annotations: JSONValue?) {
        var lines: [String] = []
        for (name, value) in (annotations?.object ?? [:]).sorted(by: { $0.key < $1.key })
        where name != "kubectl.kubernetes.io/last-applied-configuration" {
            var text = value.plainText
            if text.hasSuffix("\n") { text.removeLast() }
            if text.utf8.count + name.utf8.count + 2 <= Self.longestAnnotation, !text.contains("\n") {
                lines.append("\(name): \(text)")
                continue
            }
            lines.append("\(name):")
            for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
                let limit = Self.longestAnnotation - 2
                lines.append("  " + (part.count > limit ? part.prefix(limit) + "..." : part))
            }
        }
        list(key, lines)
    }

    mutating func controller() {
        if let owner = object.controller { line("Controlled By", "\(owner.kind)/\(owner.name)") }
    }

    func longTime(_ moment: String?) -> String {
        moment.flatMap { Timestamp(parsing: $0) }?.longText ?? "<unknown>"
    }

    /// The table at the end.
    mutating func eventTable() {
        if events.isEmpty {
            line("Events", Labels.none)
            return
        }
        out.add(0, "Events:")
        out.add(1, "Type\tReason\tAge\tFrom\tMessage")
        out.add(1, "----\t------\t----\t----\t-------")
        let summaries = events.map { EventSummary($0) }.sorted { ($0.lastSeen ?? "") < ($1.lastSeen ?? "") }
        for event in summaries {
            let from = event.event.text(at: "source", "component").or(event.event.text(at: "reportingComponent"))
            let first = Age.text(since: event.firstSeen, now: now)
            let last = Age.text(since: event.lastSeen, now: now)
            let isSeries = event.count > 1 || event.event["series"]?.object != nil
            let age = isSeries ? "\(last) (x\(event.count) over \(first))" : first
            out.add(1, "\(event.type)\t\(event.reason)\t\(age)\t\(from)\t\(event.message)")
        }
    }
}
