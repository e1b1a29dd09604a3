/// A kind of object that the API serves, with the names that discovery tells (meta/v1 APIResource).
///
/// There is one of each, which never changes: keys and events carry a reference, and comparing is comparing these.
public final class ResourceType: Sendable {
    /// The API group; empty for the core group.
    public let group: String
    /// The version within the group.
    public let version: String
    /// The kind, such as `EndpointSlice`.
    public let kind: String
    /// The name in paths, such as `endpointslices`.
    public let plural: String
    /// The name that kubectl also takes, such as `endpointslice`.
    public let singular: String
    /// Short names, such as `svc`.
    public let shortNames: [String]
    /// Groups of kinds that kubectl knows by one word, such as `all`.
    public let categories: [String]
    /// Whether its objects live in namespaces.
    public let isNamespaced: Bool
    /// What can be asked of an object beyond itself, such as `status` and `log`.
    public let subresources: [String]

    /// `v1` or `apps/v1`.
    public let apiVersion: String
    /// `services`, or `deployments.apps`, as messages name it.
    public let qualifiedName: String
    /// The kind of its lists.
    public let listKind: String
    /// Whether status is written apart from the rest.
    public let hasStatus: Bool

    fileprivate init(
        _ apiVersion: String, _ kind: String, _ plural: String, _ shortNames: [String] = [], namespaced: Bool = true,
        categories: [String] = [], subresources: [String] = []
    ) {
        let parts = apiVersion.split(separator: "/").map(String.init)
        self.apiVersion = apiVersion
        group = parts.count == 2 ? parts[0] : ""
        version = parts.last ?? "v1"
        self.kind = kind
        self.plural = plural
        singular = kind.lowercased()
        self.shortNames = shortNames
        self.categories = categories
        isNamespaced = namespaced
        self.subresources = subresources
        qualifiedName = group.isEmpty ? plural : "\(plural).\(group)"
        listKind = kind + "List"
        hasStatus = subresources.contains("status")
    }
}

extension ResourceType: Hashable {
    /// Whether they are the same.
    public static func == (one: ResourceType, other: ResourceType) -> Bool { one === other }

    /// Hashes which one it is.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension ResourceType {
    /// core/v1 Namespace.
    public static let namespaces = ResourceType(
        "v1", "Namespace", "namespaces", ["ns"], namespaced: false, subresources: ["status", "finalize"])
    /// core/v1 Node.
    public static let nodes = ResourceType(
        "v1", "Node", "nodes", ["no"], namespaced: false, subresources: ["status"])
    /// core/v1 Pod.
    public static let pods = ResourceType(
        "v1", "Pod", "pods", ["po"], categories: ["all"],
        subresources: ["status", "log", "exec", "attach", "portforward", "binding", "eviction"])
    /// core/v1 Service.
    public static let services = ResourceType(
        "v1", "Service", "services", ["svc"], categories: ["all"], subresources: ["status"])
    /// core/v1 Endpoints.
    public static let endpoints = ResourceType("v1", "Endpoints", "endpoints", ["ep"])
    /// core/v1 ConfigMap.
    public static let configMaps = ResourceType("v1", "ConfigMap", "configmaps", ["cm"])
    /// core/v1 Secret.
    public static let secrets = ResourceType("v1", "Secret", "secrets")
    /// core/v1 ServiceAccount.
    public static let serviceAccounts = ResourceType("v1", "ServiceAccount", "serviceaccounts", ["sa"])
    /// core/v1 Event; events.k8s.io/v1 shows the same objects.
    public static let events = ResourceType("v1", "Event", "events", ["ev"])
    /// apps/v1 Deployment.
    public static let deployments = ResourceType(
        "apps/v1", "Deployment", "deployments", ["deploy"], categories: ["all"], subresources: ["status", "scale"])
    /// apps/v1 ReplicaSet.
    public static let replicaSets = ResourceType(
        "apps/v1", "ReplicaSet", "replicasets", ["rs"], categories: ["all"], subresources: ["status", "scale"])
    /// discovery.k8s.io/v1 EndpointSlice.
    public static let endpointSlices = ResourceType("discovery.k8s.io/v1", "EndpointSlice", "endpointslices")
    /// networking.k8s.io/v1 NetworkPolicy.
    public static let networkPolicies = ResourceType(
        "networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", ["netpol"])
    /// networking.k8s.io/v1 Ingress.
    public static let ingresses = ResourceType(
        "networking.k8s.io/v1", "Ingress", "ingresses", ["ing"], subresources: ["status"])
    /// networking.k8s.io/v1 IngressClass.
    public static let ingressClasses = ResourceType(
        "networking.k8s.io/v1", "IngressClass", "ingressclasses", namespaced: false)
    /// networking.k8s.io/v1 ServiceCIDR.
    public static let serviceCIDRs = ResourceType(
        "networking.k8s.io/v1", "ServiceCIDR", "servicecidrs", namespaced: false, subresources: ["status"])
    /// coordination.k8s.io/v1 Lease.
    public static let leases = ResourceType("coordination.k8s.io/v1", "Lease", "leases")

    /// Every kind that is served, in the order of discovery.
    public static let all: [ResourceType] = [
        configMaps, endpoints, events, namespaces, nodes, pods, secrets, serviceAccounts, services, deployments,
        replicaSets, leases, endpointSlices, ingressClasses, ingresses, networkPolicies, serviceCIDRs,
    ]

    private static let byKind = Dictionary(
        uniqueKeysWithValues: all.map { (Name(version: $0.apiVersion, name: $0.kind), $0) })
    private static let byPlural = Dictionary(
        uniqueKeysWithValues: all.map { (Name(version: $0.apiVersion, name: $0.plural), $0) })

    private struct Name: Hashable {
        let version: String
        let name: String
    }

    /// The type of objects with this apiVersion and kind, or nil.
    public static func of(apiVersion: String, kind: String) -> ResourceType? {
        byKind[Name(version: apiVersion, name: kind)]
    }

    /// The type with this name in paths, or nil.
    public static func of(apiVersion: String, plural: String) -> ResourceType? {
        byPlural[Name(version: apiVersion, name: plural)]
    }

    /// The type that a person means by `svc`, `service`, `services`, `Service` or `deployments.apps`, or nil.
    public static func named(_ word: String) -> ResourceType? {
        let word = word.lowercased()
        return all.first { type in
            [type.plural, type.singular, type.qualifiedName].contains(word) || type.shortNames.contains(word)
                || word == "\(type.plural).\(type.version).\(type.group)"
        }
    }
}
