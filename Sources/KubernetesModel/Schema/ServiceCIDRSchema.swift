extension ObjectSchema {
    /// networking.k8s.io/v1 ServiceCIDR.
    static let serviceCIDR = kind(
        "ServiceCIDR",
        [
            "spec": .object(ObjectSchema("ServiceCIDRSpec", ["cidrs": .strings])),
            "status": .object(ObjectSchema("ServiceCIDRStatus", ["conditions": .objects(.condition, by: "type")])),
        ])
}
