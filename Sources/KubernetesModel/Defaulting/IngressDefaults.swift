extension Defaults {
    /// Of an Ingress only the status is filled in; its paths have to tell their types.
    @Sendable static func ingress(_ ingress: inout JSONValue) {
        ingress.changeOrMake("status") { $0.setDefault("loadBalancer", [:]) }
    }

    @Sendable static func ingressClass(_ ingressClass: inout JSONValue) {
        ingressClass.change("spec") { spec in
            spec.change("parameters") { $0.setDefault("scope", "Cluster") }
        }
    }
}
