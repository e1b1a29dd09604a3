internal import ControlPlane
internal import KubernetesModel

/// The objects as a proxy with a fault sees them.
struct FaultyObjects {
    private let fault: ProxyFault
    /// Every endpoint that a slice ever had, by the slice.
    private var everSeen: [ObjectKey: [JSONValue]] = [:]
    /// The ports of Services, as they were first.
    private var firstPorts: [ObjectKey: JSONValue] = [:]
    /// The ports of Services by namespace and name, for those who take them for the endpoints' own.
    private var ports: [ObjectKey: [JSONValue]] = [:]
    /// Slices by Service, in the order in which they came.
    private var slices: [ObjectKey: [ObjectKey]] = [:]
    /// An endpoint that anybody's traffic may be sent to, by its slice's addressType.
    private var anyEndpoint: [String: JSONValue] = [:]
    /// The Services that are gone.
    private var gone: Set<ObjectKey> = []

    init(_ fault: ProxyFault) { self.fault = fault }

    /// What the proxy makes of a change; nil where it does not notice.
    mutating func seen(_ object: APIObject, _ key: ObjectKey, isDeleted: Bool) -> APIObject? {
        if fault == .readsLeadingZerosAsOctal { return OctalAddresses.read(object, key.type) }
        switch key.type {
        case .services: return service(object, key, isDeleted: isDeleted)
        case .endpointSlices: return slice(object, key, isDeleted: isDeleted)
        default: return object
        }
    }

    // MARK: Services

    private mutating func service(_ object: APIObject, _ key: ObjectKey, isDeleted: Bool) -> APIObject? {
        if isDeleted { gone.insert(key) } else { gone.remove(key) }
        if isDeleted { return fault == .keepsDeletedServices ? nil : object }
        var object = object
        var list = object["spec", "ports"]?.array ?? []
        ports[key] = list
        switch fault {
        case .ignoresSecondPort: list = Array(list.prefix(1))
        case .ignoresUDP: list.removeAll { $0["protocol"]?.string == "UDP" }
        case .ignoresSCTP: list.removeAll { $0["protocol"]?.string == "SCTP" }
        case .keepsOldPorts:
            let first = firstPorts[key] ?? .array(list)
            firstPorts[key] = first
            list = first.array ?? []
        case .ignoresExternalIPs: object["spec", "externalIPs"] = nil
        case .ignoresLoadBalancerIPs: object["status", "loadBalancer"] = nil
        case .ignoresIPMode: forgetIPMode(of: &object)
        case .ignoresProxyName: object.labels["service.kubernetes.io/service-proxy-name"] = nil
        case .ignoresAffinity: object["spec", "sessionAffinity"] = "None"
        case .ignoresAffinityTimeout:
            if object["spec", "sessionAffinity"]?.string == "ClientIP" {
                object["spec", "sessionAffinityConfig"] = ["clientIP": ["timeoutSeconds": 86_400]]
            }
        case .ignoresInternalTrafficPolicy: object["spec", "internalTrafficPolicy"] = "Cluster"
        case .ignoresExternalTrafficPolicy: object["spec", "externalTrafficPolicy"] = "Cluster"
        case .ignoresSourceRanges: object["spec", "loadBalancerSourceRanges"] = nil
        default: break
        }
        object["spec", "ports"] = .array(list)
        return object
    }

    private func forgetIPMode(of object: inout APIObject) {
        let ingress = (object["status", "loadBalancer", "ingress"]?.array ?? []).map { entry in
            var entry = entry
            entry["ipMode"] = "VIP"
            return entry
        }
        if !ingress.isEmpty { object["status", "loadBalancer", "ingress"] = .array(ingress) }
    }

    // MARK: EndpointSlices

    private mutating func slice(_ object: APIObject, _ key: ObjectKey, isDeleted: Bool) -> APIObject? {
        let service = ObjectKey(
            .services, namespace: key.namespace, name: object.labels["kubernetes.io/service-name"] ?? "")
        if isDeleted {
            let isKept = fault == .keepsDeletedEndpoints || (fault == .keepsDeletedServices && gone.contains(service))
            return isKept ? nil : object
        }
        var object = object
        var endpoints = object["endpoints"]?.array ?? []
        if !(slices[service]?.contains(key) ?? false) { slices[service, default: []].append(key) }
        let addressType = object["addressType"]?.string ?? ""
        if let first = endpoints.first { anyEndpoint[addressType] = first }
        switch fault {
        case .ignoresProxyName: object.labels["service.kubernetes.io/service-proxy-name"] = nil
        case .usesOneEndpoint: endpoints = Array(endpoints.prefix(1))
        case .ignoresSecondSlice: if slices[service]?.first != key { endpoints = [] }
        case .ignoresReadiness:
            endpoints = endpoints.map { Self.with($0, "ready", true) }
        case .ignoresTerminating:
            endpoints.removeAll { $0["conditions"]?["terminating"]?.bool ?? false }
        case .prefersTerminating:
            endpoints = endpoints.map {
                ($0["conditions"]?["terminating"]?.bool ?? false) ? Self.with($0, "ready", true) : $0
            }
        case .keepsDeletedEndpoints:
            var all = everSeen[key] ?? []
            for endpoint in endpoints where !all.contains(where: { $0["addresses"] == endpoint["addresses"] }) {
                all.append(Self.with(endpoint, "ready", true))
            }
            everSeen[key] = all
            endpoints = all
        case .answersWithoutEndpoints:
            guard endpoints.isEmpty, let any = anyEndpoint[addressType] else { break }
            endpoints = [any]
            object["ports"] = .array(targets(of: service))
        case .ignoresHints:
            endpoints = endpoints.map { endpoint in
                var endpoint = endpoint
                endpoint["hints"] = nil
                return endpoint
            }
        case .ignoresTargetPort: object["ports"] = .array(servicePorts(of: object, service))
        default: break
        }
        object["endpoints"] = .array(endpoints)
        return object
    }

    /// A Service's ports as a slice has them, as far as they are numbers.
    private func targets(of service: ObjectKey) -> [JSONValue] {
        (ports[service] ?? []).map { port in
            var target = port
            if port["targetPort"]?.integer != nil { target["port"] = port["targetPort"] }
            return target
        }
    }

    private func servicePorts(of slice: APIObject, _ service: ObjectKey) -> [JSONValue] {
        (slice["ports"]?.array ?? []).map { port in
            var port = port
            let own = (ports[service] ?? []).first { ($0["name"]?.string ?? "") == (port["name"]?.string ?? "") }
            if let number = own?["port"] { port["port"] = number }
            return port
        }
    }

    private static func with(_ endpoint: JSONValue, _ condition: String, _ value: Bool) -> JSONValue {
        var endpoint = endpoint
        var conditions = endpoint["conditions"] ?? .object([:])
        conditions[condition] = .bool(value)
        endpoint["conditions"] = conditions
        return endpoint
    }
}
