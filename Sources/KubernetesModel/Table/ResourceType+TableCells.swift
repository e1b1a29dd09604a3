extension ResourceType {
    /// The cells of an object's row, one for each of `tableColumns`, those of `-o wide` included.
    ///
    /// - Parameter now: seconds since 1970-01-01T00:00:00Z, for ages.
    public func tableCells(of object: APIObject, now: Int64) -> [JSONValue] {
        let name = JSONValue.string(object.name)
        let age = JSONValue.string(Age.text(since: object.creationTimestamp, now: now))
        switch self {
        case .pods: return PodSummary(object).cells(now: now)
        case .events: return EventSummary(object).cells(now: now)
        case .nodes: return NodeSummary(object).cells(now: now)
        case .services:
            let service = ServiceSummary(object)
            return [
                name, .string(service.type), .string(service.clusterIP), .string(service.externalIP),
                .string(service.ports), age, .string(Labels.text(object["spec", "selector"])),
            ]
        case .endpoints: return [name, .string(EndpointsSummary.text(of: object)), age]
        case .endpointSlices:
            return [
                name, .string(object.text(at: "addressType")), .string(EndpointsSummary.ports(ofSlice: object)),
                .string(EndpointsSummary.addresses(ofSlice: object)), age,
            ]
        case .deployments:
            let ready = "\(object.number(at: "status", "readyReplicas"))/\(object.number(at: "spec", "replicas"))"
            return [
                name, .string(ready), .integer(object.number(at: "status", "updatedReplicas")),
                .integer(object.number(at: "status", "availableReplicas")), age,
            ] + Self.templateCells(object)
        case .replicaSets:
            return [
                name, .integer(object.number(at: "spec", "replicas")),
                .integer(object.number(at: "status", "replicas")),
                .integer(object.number(at: "status", "readyReplicas")), age,
            ] + Self.templateCells(object)
        default: return [name] + furtherCells(of: object).map { .string($0) } + [age]
        }
    }

    /// What stands between name and age of the simpler kinds.
    private func furtherCells(of object: APIObject) -> [String] {
        switch self {
        case .networkPolicies: [Labels.selectorText(object["spec", "podSelector"])]
        case .ingresses: IngressSummary.cells(of: object)
        case .ingressClasses:
            [object.text(at: "spec", "controller"), IngressSummary.parameters(ofClass: object)]
        case .configMaps: [String(Self.count(object["data"]) + Self.count(object["binaryData"]))]
        case .secrets: [object.text(at: "type"), String(Self.count(object["data"]))]
        case .namespaces: [object.text(at: "status", "phase")]
        case .serviceAccounts: [String(object.elements(at: "secrets").count)]
        case .leases: [object.text(at: "spec", "holderIdentity")]
        case .serviceCIDRs: [object.elements(at: "spec", "cidrs").compactMap(\.string).joined(separator: ",")]
        default: []
        }
    }

    private static func count(_ value: JSONValue?) -> Int { value?.object?.count ?? 0 }

    private static func templateCells(_ object: APIObject) -> [JSONValue] {
        let containers = object.elements(at: "spec", "template", "spec", "containers")
        return [
            .string(containers.map { $0.text(at: "name") }.joined(separator: ",")),
            .string(containers.map { $0.text(at: "image") }.joined(separator: ",")),
            .string(Labels.selectorText(object["spec", "selector"])),
        ]
    }
}
