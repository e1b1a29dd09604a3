extension Defaults {
    /// A policy that says nothing of its types is about ingress, and about egress too where it has egress rules.
    @Sendable static func networkPolicy(_ policy: inout JSONValue) {
        policy.changeOrMake("spec") { spec in
            spec.setDefault("podSelector", [:])
            if spec.elements("policyTypes").isEmpty {
                spec["policyTypes"] = spec.elements("egress").isEmpty ? ["Ingress"] : ["Ingress", "Egress"]
            }
            for direction in ["ingress", "egress"] {
                spec.changeEach(direction) { rule in
                    rule.changeEach("ports") { $0.setDefault("protocol", "TCP") }
                }
            }
        }
    }
}
