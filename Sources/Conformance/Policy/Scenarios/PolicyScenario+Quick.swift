extension PolicyScenario {
    /// The ids of few scenarios that together find every fault that all of them find (`PolicyKillMatrix.smallestCover` of
    /// all scenarios): what a run tries that has little time.
    public static let quick: [String] = [
        "policy/unions/overlapping-pods",
        "policy/blocks/ipv6-except-allowed-by-peer",
        "policy/subjects/many-labels",
        "policy/rules/egress-three",
        "policy/pods/names-of-ports",
        "policy/ranges/two",
        "policy/types/absent-egress-rules",
        "policy/peer-pairs/pods-nil-namespaces-empty-and-pods-labels-namespaces-nil",
        "policy/peer-pairs/pods-empty-namespaces-labels-and-block",
        "policy/ports/ingress-sctp-name",
        "policy/rules/ingress-empty-rule",
        "policy/types/absent-no-rules",
        "policy/changes/deleted",
        "policy/labels/namespace-as-peer",
        "policy/pods/address-again",
    ]
}
