import KubernetesModel

/// What the endpoint controllers know of the cluster, filed so that a change finds the Services that it touches.
struct EndpointsIndex: Sendable {
    private(set) var services: [NamespacedName: Service] = [:]
    private(set) var owners: [NamespacedName: OwnerReference] = [:]
    private(set) var nodes: [String: Node] = [:]
    private(set) var endpoints: [NamespacedName: EndpointsRecord] = [:]
    private var selectors = SelectorIndex()
    private var pods: [NamespacedName: Pod] = [:]
    private var podLabels = LabelIndex()
    private var podsOfNode: [String: Set<NamespacedName>] = [:]
    private var slices: [NamespacedName: [String: EndpointSlice]] = [:]
    private var serviceOfSlice: [NamespacedName: NamespacedName] = [:]

    /// The pods that a Service selects, in the order of their names.
    func pods(of service: Service) -> [Pod] {
        podLabels.names(in: service.namespace, with: service.selector ?? [:]).compactMap { pods[$0] }
            .sorted { $0.name < $1.name }
    }

    /// A Service's slices that are written by a controller, in the order of their names.
    func slices(of service: NamespacedName, managedBy controller: String) -> [EndpointSlice] {
        (slices[service] ?? [:]).values.filter { $0.managedBy == controller }.sorted { $0.name < $1.name }
    }

    /// Takes note of a Service.
    mutating func note(_ object: APIObject, service name: NamespacedName) {
        let service = Service(object)
        services[name] = service
        owners[name] = OwnerReference(controller: object)
        selectors.insert(name, service.type == .externalName ? [:] : service.selector ?? [:])
    }

    mutating func forget(service name: NamespacedName) {
        services[name] = nil
        owners[name] = nil
        selectors.remove(name)
    }

    /// Takes note of a pod.
    ///
    /// - Returns: the Services whose endpoints may be others now.
    mutating func note(_ pod: Pod?, pod name: NamespacedName) -> [NamespacedName] {
        let previous = pods[name]
        if let previous, let pod, previous.isSameEndpoint(as: pod) {
            pods[name] = pod
            return []
        }
        var touched: [NamespacedName] = []
        if let previous {
            touched = selectors.names(in: name.namespace, selecting: previous.labels)
            podLabels.remove(name, previous.labels)
            if let node = previous.nodeName { podsOfNode[node]?.remove(name) }
        }
        pods[name] = pod
        if let pod {
            podLabels.insert(name, pod.labels)
            if let node = pod.nodeName { podsOfNode[node, default: []].insert(name) }
            if previous?.labels != pod.labels {
                touched += selectors.names(in: name.namespace, selecting: pod.labels)
            }
        }
        return touched
    }

    /// Takes note of a node, or that it has gone.
    ///
    /// - Returns: the Services whose endpoints may be others now.
    mutating func note(_ node: Node?, node name: String) -> [NamespacedName] {
        let previous = nodes.removeValue(forKey: name)
        nodes[name] = node
        guard
            previous?.zone != node?.zone || (previous == nil) != (node == nil)
                || previous?.allocatableMilliCPUs != node?.allocatableMilliCPUs
        else { return [] }
        let ofPods = (podsOfNode[name] ?? []).compactMap { pods[$0] }.flatMap {
            selectors.names(in: $0.namespace, selecting: $0.labels)
        }
        return ofPods + services.filter { $0.value.annotations[EndpointLabels.topologyMode] != nil }.map(\.key)
    }

    /// Takes note of a slice, or that it has gone.
    ///
    /// - Returns: the Services that it belonged or belongs to.
    mutating func note(_ slice: EndpointSlice?, slice name: NamespacedName) -> [NamespacedName] {
        var touched: [NamespacedName] = []
        if let service = serviceOfSlice.removeValue(forKey: name) {
            slices[service]?[name.name] = nil
            if slices[service]?.isEmpty == true { slices[service] = nil }
            touched.append(service)
        }
        if let slice, let serviceName = slice.serviceName {
            let service = NamespacedName(name.namespace, serviceName)
            serviceOfSlice[name] = service
            slices[service, default: [:]][name.name] = slice
            touched.append(service)
        }
        return touched
    }

    /// Takes note of Endpoints, or that they have gone.
    mutating func note(_ record: EndpointsRecord?, endpoints name: NamespacedName) {
        endpoints[name] = record
    }
}

/// What is remembered of an Endpoints object: enough to see whether it is as it should be.
struct EndpointsRecord: Sendable {
    let labels: [String: String]
    /// Whether it says that addresses were left out.
    let overCapacity: String?
    /// Stands for the subsets, which may be large.
    let fingerprint: Int

    init(_ object: APIObject) {
        labels = object.labels
        overCapacity = object.annotations[EndpointLabels.overCapacity]
        fingerprint = Self.fingerprint(of: object["subsets"] ?? .array([]))
    }

    /// A number that is the same for the same subsets, for as long as the process lives.
    static func fingerprint(of subsets: JSONValue) -> Int { subsets.hashValue }
}

extension Pod {
    /// Whether Services see no difference between two states of a pod.
    func isSameEndpoint(as other: Pod) -> Bool {
        uid == other.uid && podIPs == other.podIPs && isReady == other.isReady
            && isTerminating == other.isTerminating && isTerminal == other.isTerminal && nodeName == other.nodeName
            && labels == other.labels && hostname == other.hostname && subdomain == other.subdomain
            && containers.map(\.ports) == other.containers.map(\.ports)
    }
}
