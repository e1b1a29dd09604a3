extension PolicyScenario {
    /// Every scenario.
    ///
    /// - Parameter world: the lab's namespaces and pods. The ids do not depend on it; blocks of addresses do.
    public static func all(in world: PolicyWorld = PolicyWorld()) -> [PolicyScenario] {
        let families: [[PolicyScenario]] = [
            subjects, rules, types, peers(in: world), selectors, peerPairs(in: world), blocks(in: world), ports, ranges,
            portPairs, unions(in: world), policyChanges, labelChanges, podChanges(in: world), outsiders(in: world),
            sizes,
        ]
        return families.flatMap(\.self)
    }
}
