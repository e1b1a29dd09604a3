public import Addressing

/// A Service, as proxies, DNS and controllers need it (core/v1 Service). Absent fields have the API's defaults.
public struct Service: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The namespace.
    public let namespace: String
    /// What tells the Service from others of its name.
    public let uid: String
    /// The labels.
    public let labels: [String: String]
    /// The annotations.
    public let annotations: [String: String]
    /// When it was created, or nil.
    public let creationTimestamp: Timestamp?
    /// Whether deletion was asked for.
    public let isTerminating: Bool

    /// How it is reached.
    public let type: Kind
    /// Its addresses in the cluster; none where it is headless, an ExternalName or not allocated yet.
    public let clusterIPs: [IPAddress]
    /// Whether it has no address on purpose (clusterIP None).
    public let isHeadless: Bool
    /// The families of its addresses, the first one the primary.
    public let ipFamilies: [AddressFamily]
    /// `SingleStack`, `PreferDualStack` or `RequireDualStack`.
    public let ipFamilyPolicy: String
    /// The labels of its pods, or nil where somebody else says who the endpoints are.
    public let selector: [String: String]?
    /// Its ports.
    public let ports: [Port]
    /// Addresses besides the cluster's that nodes accept traffic for.
    public let externalIPs: [IPAddress]
    /// For how many seconds a client stays with its endpoint (sessionAffinity ClientIP), or nil for not at all.
    public let affinityTimeoutSeconds: Int?
    /// Which endpoints traffic from outside may reach.
    public let externalTrafficPolicy: TrafficPolicy
    /// Which endpoints traffic to the cluster's addresses may reach.
    public let internalTrafficPolicy: TrafficPolicy
    /// The port where nodes tell load balancers whether they have endpoints, or nil.
    public let healthCheckNodePort: UInt16?
    /// Who may use the load balancer's addresses; everybody where empty.
    public let loadBalancerSourceRanges: [CIDR]
    /// The load balancer's addresses.
    public let loadBalancerIngress: [Ingress]
    /// Whose load balancer it is to have, or nil for the default one.
    public let loadBalancerClass: String?
    /// The address that is asked for, or nil.
    public let loadBalancerIP: IPAddress?
    /// Whether a load balancer's ports get node ports too.
    public let allocatesLoadBalancerNodePorts: Bool
    /// Whether endpoints count as ready whatever their pods say.
    public let publishesNotReadyAddresses: Bool
    /// The name that an ExternalName stands for, or nil.
    public let externalName: String?
    /// `PreferClose`, `PreferSameZone` or `PreferSameNode`, or nil.
    public let trafficDistribution: String?

    /// core/v1 ServiceType.
    public enum Kind: String, Hashable, Sendable {
        case clusterIP = "ClusterIP"
        case nodePort = "NodePort"
        case loadBalancer = "LoadBalancer"
        case externalName = "ExternalName"
    }

    /// Which endpoints traffic may reach.
    public enum TrafficPolicy: String, Hashable, Sendable {
        case cluster = "Cluster"
        case local = "Local"
    }

    /// Reads a Service.
    public init(_ object: APIObject) {
        let spec = object["spec"] ?? .null
        name = object.name
        namespace = object.namespace
        uid = object.uid
        labels = object.labels
        annotations = object.annotations
        creationTimestamp = Timestamp(object["metadata", "creationTimestamp"])
        isTerminating = object.deletionTimestamp != nil
        type = spec["type"]?.string.flatMap { Kind(rawValue: $0) } ?? .clusterIP
        let addresses = Self.texts(spec["clusterIPs"], or: spec["clusterIP"])
        clusterIPs = addresses.compactMap { IPAddress(ofAPI: $0) }
        isHeadless = addresses.first == "None"
        let families = (spec["ipFamilies"]?.array ?? []).compactMap { AddressFamily(name: $0.string) }
        ipFamilies = families.isEmpty ? clusterIPs.map(\.family) : families
        ipFamilyPolicy = spec["ipFamilyPolicy"].nonEmptyString ?? "SingleStack"
        selector = spec["selector"]?.object.flatMap { $0.isEmpty ? nil : $0.compactMapValues(\.string) }
        ports = (spec["ports"]?.array ?? []).compactMap { Port($0) }
        externalIPs = Self.texts(spec["externalIPs"]).compactMap { IPAddress(ofAPI: $0) }
        affinityTimeoutSeconds =
            spec["sessionAffinity"]?.string == "ClientIP"
            ? Int(spec[path: ["sessionAffinityConfig", "clientIP", "timeoutSeconds"]]?.integer ?? 10_800) : nil
        externalTrafficPolicy = Self.policy(spec["externalTrafficPolicy"])
        internalTrafficPolicy = Self.policy(spec["internalTrafficPolicy"])
        healthCheckNodePort = spec["healthCheckNodePort"].port
        loadBalancerSourceRanges = Self.texts(spec["loadBalancerSourceRanges"]).compactMap { CIDR(ofAPI: $0) }
        loadBalancerIngress = (object["status", "loadBalancer", "ingress"]?.array ?? []).map { Ingress($0) }
        loadBalancerClass = spec["loadBalancerClass"].nonEmptyString
        loadBalancerIP = spec["loadBalancerIP"]?.string.flatMap { IPAddress(ofAPI: $0) }
        allocatesLoadBalancerNodePorts = spec["allocateLoadBalancerNodePorts"]?.bool ?? true
        publishesNotReadyAddresses = spec["publishNotReadyAddresses"]?.bool ?? false
        externalName = spec["externalName"].nonEmptyString
        trafficDistribution = spec["trafficDistribution"].nonEmptyString
    }

    private static func texts(_ list: JSONValue?, or single: JSONValue? = nil) -> [String] {
        let texts = (list?.array ?? []).compactMap(\.string)
        return texts.isEmpty ? single.nonEmptyString.map { [$0] } ?? [] : texts
    }

    private static func policy(_ value: JSONValue?) -> TrafficPolicy {
        value?.string.flatMap { TrafficPolicy(rawValue: $0) } ?? .cluster
    }
}

extension Service {
    /// A port of a Service (core/v1 ServicePort).
    public struct Port: Hashable, Sendable {
        /// The name; empty where the only port has none.
        public let name: String
        /// What it speaks.
        public let transport: TransportProtocol
        /// The port on the Service's addresses.
        public let port: UInt16
        /// The port in the pods.
        public let targetPort: IntOrString
        /// The port on the nodes, or nil.
        public let nodePort: UInt16?
        /// What is spoken above the transport, or nil.
        public let appProtocol: String?

        init?(_ value: JSONValue) {
            guard let port = value["port"].port else { return nil }
            self.port = port
            name = value["name"]?.string ?? ""
            transport = TransportProtocol(value["protocol"])
            let target = IntOrString(value["targetPort"])
            targetPort =
                target == nil || target == .integer(0) || target == .string("")
                ? .integer(Int(port)) : target ?? .integer(Int(port))
            nodePort = value["nodePort"].port
            appProtocol = value["appProtocol"].nonEmptyString
        }
    }

    /// An address of a load balancer (core/v1 LoadBalancerIngress).
    public struct Ingress: Hashable, Sendable {
        /// The address, or nil.
        public let ip: IPAddress?
        /// The name, or nil.
        public let hostname: String?
        /// Whether nodes see the address in packets (VIP), and not one of their own (Proxy).
        public let isVIP: Bool

        init(_ value: JSONValue) {
            ip = value["ip"]?.string.flatMap { IPAddress(ofAPI: $0) }
            hostname = value["hostname"].nonEmptyString
            isVIP = value["ipMode"]?.string != "Proxy"
        }
    }
}

extension AddressFamily {
    /// Reads the API's `IPv4` or `IPv6`; anything else gives nil.
    public init?(name: String?) {
        guard let family = AddressFamily.allCases.first(where: { $0.description == name }) else { return nil }
        self = family
    }
}

extension JSONValue? {
    /// A port number that is set.
    var port: UInt16? {
        guard let number = self?.integer.flatMap({ UInt16(exactly: $0) }), number != 0 else { return nil }
        return number
    }
}
