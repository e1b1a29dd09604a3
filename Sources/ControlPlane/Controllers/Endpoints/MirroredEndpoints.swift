import Addressing
import KubernetesModel

/// The slices that show what somebody wrote into the Endpoints of a Service without a selector.
enum MirroredEndpoints {
    /// How many addresses of a subset are shown.
    static let capacity = 1_000

    /// Whether Endpoints are to be mirrored at all.
    static func isWanted(_ endpoints: APIObject) -> Bool {
        endpoints.labels[EndpointLabels.skipMirror] != "true" && endpoints.annotations[EndpointLabels.leader] == nil
    }

    /// Works out the slices.
    ///
    /// - Parameter existing: the slices that mirror these Endpoints now.
    static func plan(for endpoints: APIObject, existing: [EndpointSlice]) -> SlicePlan {
        var labels = endpoints.labels
        labels[EndpointLabels.serviceName] = endpoints.name
        labels[EndpointLabels.managedBy] = EndpointLabels.mirroringController
        var annotations = endpoints.annotations
        annotations[EndpointLabels.changeTime] = nil
        annotations[EndpointLabels.lastApplied] = nil
        var plan = SlicePlan()
        for family in AddressFamily.allCases {
            plan.pack(
                groups(of: endpoints["subsets"] ?? .array([]), family), family, labels, annotations,
                into: existing.filter { $0.family == family })
        }
        plan.deleted += existing.filter { $0.family == nil }.map(\.name)
        return plan
    }

    private static func groups(
        of subsets: JSONValue, _ family: AddressFamily
    ) -> [(ports: [EndpointSlice.Port], endpoints: [EndpointSlice.Endpoint])] {
        var groups: [(ports: [EndpointSlice.Port], endpoints: [EndpointSlice.Endpoint])] = []
        for subset in subsets.array ?? [] {
            let ready = (subset["addresses"]?.array ?? []).compactMap { endpoint($0, family, isReady: true) }
            let notReady = (subset["notReadyAddresses"]?.array ?? []).compactMap {
                endpoint($0, family, isReady: false)
            }
            let endpoints = Array((ready + notReady).prefix(capacity))
            guard !endpoints.isEmpty else { continue }
            let ports = (subset["ports"]?.array ?? []).map { EndpointSlice.Port(endpointsPort: $0) }
            if let index = groups.firstIndex(where: { Set($0.ports) == Set(ports) }) {
                groups[index].endpoints += endpoints
            } else {
                groups.append((ports, endpoints))
            }
        }
        return groups
    }

    private static func endpoint(
        _ address: JSONValue, _ family: AddressFamily, isReady: Bool
    ) -> EndpointSlice.Endpoint? {
        guard let ip = address["ip"]?.string.flatMap({ IPAddress(ofAPI: $0) }), ip.family == family else { return nil }
        var endpoint = EndpointSlice.Endpoint(addresses: [ip.description], ready: isReady)
        endpoint.hostname = address["hostname"]?.string
        endpoint.nodeName = address["nodeName"]?.string
        endpoint.target = address["targetRef"].map { EndpointSlice.TargetReference($0) }
        return endpoint
    }
}

extension EndpointSlice.Port {
    /// Reads a port of Endpoints (core/v1 EndpointPort).
    init(endpointsPort value: JSONValue) {
        self.init(
            name: value["name"]?.string ?? "", transport: TransportProtocol(value["protocol"]),
            number: value["port"]?.integer.flatMap { UInt16(exactly: $0) },
            appProtocol: value["appProtocol"]?.string)
    }
}
