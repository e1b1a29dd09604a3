/// What the API leaves to implementations of Services. The raw value is the key in a profile.
public enum ServiceQuestion: String, Hashable, Sendable, CaseIterable {
    /// A port that no Service has on the ClusterIP of one: `refused`, `dropped` or `not-forwarded`.
    case unknownPort = "service.unknown-port"
    /// An address of the service ranges that no Service has: `refused`, `dropped` or `not-forwarded`.
    case unallocatedAddress = "service.unallocated-address"
    /// A NodePort on 127.0.0.1 of its node: `forwarded` or `not-forwarded`.
    case nodePortOnLoopback = "service.nodeport-loopback"
    /// A NodePort on ::1 of its node: `forwarded` or `not-forwarded`.
    case nodePortOnIPv6Loopback = "service.nodeport-loopback-ipv6"
    /// A NodePort on an address of a node that is not its first of the family: `forwarded` or `not-forwarded`.
    case nodePortOnSecondaryAddress = "service.nodeport-secondary-address"
    /// What a pod sees that reaches itself through a Service: `masqueraded` or `preserved`.
    case hairpinSource = "service.hairpin-source"
    /// What endpoints see of outside clients that use a ClusterIP: `masqueraded` or `preserved`.
    case clusterIPFromOutsideSource = "service.cluster-ip-from-outside-source"
    /// What endpoints see of nodes that use a ClusterIP: `masqueraded` or `preserved`.
    case nodeToClusterIPSource = "service.node-to-cluster-ip-source"
    /// A pod on another node's NodePort with externalTrafficPolicy Local: `all-endpoints` or `local-endpoints`.
    case localNodePortFromRemotePod = "service.local-nodeport-from-remote-pod"
    /// A node on another node's NodePort with externalTrafficPolicy Local: `all-endpoints` or `local-endpoints`.
    case localNodePortFromRemoteNode = "service.local-nodeport-from-remote-node"
    /// A client outside the loadBalancerSourceRanges of a Service without endpoints: `dropped` or `refused`.
    case sourceRangesWithoutEndpoints = "service.source-ranges-without-endpoints"
    /// loadBalancerSourceRanges of the other family only: `dropped` or `forwarded`.
    case sourceRangesOfOtherFamily = "service.source-ranges-of-other-family"
    /// An address and port that several Services claim: the Service whose answer holds, as `namespace/name`.
    case addressClaimedTwice = "service.address-claimed-twice"
}

/// One implementation's answers to what the API leaves open: the option's name by question.
public typealias ServiceProfile = [ServiceQuestion: String]

extension ServiceProfile {
    /// kube-proxy in its nftables mode, with what it does by default (KEP-3866).
    public static let kubeProxyNFTables: ServiceProfile = kubeProxy.merging([
        .unknownPort: "refused", .nodePortOnLoopback: "not-forwarded", .nodePortOnSecondaryAddress: "not-forwarded",
        .sourceRangesWithoutEndpoints: "dropped",
    ]) { $1 }

    /// kube-proxy in its iptables mode, with what it does by default.
    public static let kubeProxyIPTables: ServiceProfile = kubeProxy.merging([
        .unknownPort: "not-forwarded", .nodePortOnLoopback: "forwarded", .nodePortOnSecondaryAddress: "forwarded",
        .sourceRangesWithoutEndpoints: "refused",
    ]) { $1 }

    /// What kube-proxy's modes have in common.
    private static let kubeProxy: ServiceProfile = [
        .unallocatedAddress: "not-forwarded", .nodePortOnIPv6Loopback: "not-forwarded",
        .hairpinSource: "masqueraded", .clusterIPFromOutsideSource: "masqueraded",
        .nodeToClusterIPSource: "masqueraded", .localNodePortFromRemotePod: "all-endpoints",
        .localNodePortFromRemoteNode: "local-endpoints", .sourceRangesOfOtherFamily: "forwarded",
    ]
}
