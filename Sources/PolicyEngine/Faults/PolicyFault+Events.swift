public import KubernetesModel

extension PolicyFault {
    /// Whether an engine with this fault notices that an object came (`old` is nil), changed or went (`new` is nil) after
    /// it began.
    public func hears(_ old: APIObject?, _ new: APIObject?) -> Bool {
        guard let kind = (new ?? old)?.kind else { return true }
        let (hasCome, hasGone) = (old == nil, new == nil)
        let hasChanged = !hasCome && !hasGone
        switch (self, kind) {
        case (.newPodsMissed, "Pod"): return !hasCome
        case (.deletedPodsKept, "Pod"): return !hasGone
        case (.labelChangesMissed, "Pod"): return !hasChanged || old?.labels == new?.labels
        case (.addressesMissed, "Pod"):
            return !hasChanged || old?.value["status"]?["podIPs"] == new?.value["status"]?["podIPs"]
        case (.newPoliciesMissed, "NetworkPolicy"): return !hasCome
        case (.updatedPoliciesMissed, "NetworkPolicy"): return !hasChanged
        case (.deletedPoliciesKept, "NetworkPolicy"): return !hasGone
        case (.namespaceLabelChangesMissed, "Namespace"): return !hasChanged
        default: return true
        }
    }
}
