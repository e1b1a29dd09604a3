import Addressing
import KubernetesModel

extension ServiceAllocator {
    /// Settles ipFamilyPolicy and ipFamilies by what the client says, what was there, and what the cluster has
    /// (KEP-563).
    ///
    /// - Throws: `APIStatus` (422) where they cannot be as asked for.
    func settleFamilies(_ spec: inout ServiceSpec, replacing old: ServiceSpec?) throws(APIStatus) {
        guard spec.needsClusterIP else { return }
        if let old, Self.staysPreferDualStack(spec, old) { return }
        if spec.ipFamilyPolicy == nil {
            let isOpen = spec.isHeadless && spec.hasNoSelector
            spec.ipFamilyPolicy = old?.ipFamilyPolicy ?? (isOpen ? "RequireDualStack" : "SingleStack")
        }
        var faults: [FieldError] = []
        if let old { faults += followReduction(&spec, old) }
        faults += contradictions(in: spec)
        faults += inferFamilies(&spec)
        guard faults.isEmpty else { throw .invalid(.services, name: spec.object.name, faults) }

        let isSingle = spec.ipFamilyPolicy == "SingleStack"
        if spec.isHeadless, spec.hasNoSelector {
            // Whoever gives the endpoints of such a Service may have families that the cluster has not.
            if spec.ipFamilies.isEmpty { spec.ipFamilies = [defaultFamily] }
            if !isSingle, spec.ipFamilies.count == 1 { spec.ipFamilies.append(Self.other(spec.ipFamilies[0])) }
            return
        }
        faults = unavailable(in: spec)
        guard faults.isEmpty else { throw .invalid(.services, name: spec.object.name, faults) }
        if spec.ipFamilies.isEmpty { spec.ipFamilies = [defaultFamily] }
        if !isSingle, spec.ipFamilies.count == 1, addresses.count == 2 {
            spec.ipFamilies.append(Self.other(spec.ipFamilies[0]))
        }
    }

    /// Whether nothing about families was changed of a Service that takes what there is: it stays as it is, even where
    /// the cluster's families have changed.
    private static func staysPreferDualStack(_ spec: ServiceSpec, _ old: ServiceSpec) -> Bool {
        let policy = spec.ipFamilyPolicy ?? old.ipFamilyPolicy
        return policy == "PreferDualStack" && spec.ipFamilyPolicy == old.ipFamilyPolicy && old.needsClusterIP
            && spec.clusterIPs == old.clusterIPs && spec.ipFamilies == old.ipFamilies && !spec.ipFamilies.isEmpty
    }

    /// Lets go of the second family where the policy says so, and refuses to where it does not.
    private func followReduction(_ spec: inout ServiceSpec, _ old: ServiceSpec) -> [FieldError] {
        if spec.ipFamilyPolicy == "SingleStack" {
            if spec.clusterIPs == old.clusterIPs { spec.clusterIPs = Array(spec.clusterIPs.prefix(1)) }
            if spec.ipFamilies == old.ipFamilies { spec.ipFamilies = Array(spec.ipFamilies.prefix(1)) }
            return []
        }
        func isReduced(_ now: [String], _ before: [String]) -> Bool {
            !now.isEmpty && now.count < before.count && now == Array(before.prefix(now.count))
        }
        var faults: [FieldError] = []
        if isReduced(spec.clusterIPs, old.clusterIPs) {
            faults.append(policyFault(spec, "must be 'SingleStack' to release the secondary cluster IP"))
        }
        if isReduced(spec.ipFamilies, old.ipFamilies) {
            faults.append(policyFault(spec, "must be 'SingleStack' to release the secondary IP family"))
        }
        return faults
    }

    private func contradictions(in spec: ServiceSpec) -> [FieldError] {
        var faults: [FieldError] = []
        for (index, (text, family)) in zip(spec.clusterIPs, spec.ipFamilies).enumerated() {
            guard let address = IPAddress(ofAPI: text), address.family.description != family else { continue }
            faults.append(
                .invalid(
                    "spec.clusterIPs[\(index)]", .array(spec.clusterIPs.map { .string($0) }),
                    "expected an \(family) value as indicated by `ipFamilies[\(index)]`"))
        }
        guard spec.ipFamilyPolicy == "SingleStack" else { return faults }
        let wish = "must be 'RequireDualStack' or 'PreferDualStack' when multiple"
        if spec.clusterIPs.count == 2 { faults.append(policyFault(spec, "\(wish) cluster IPs are specified")) }
        if spec.ipFamilies.count == 2 { faults.append(policyFault(spec, "\(wish) IP families are specified")) }
        return faults
    }

    /// Takes the families of addresses that are given where they are not named themselves.
    private func inferFamilies(_ spec: inout ServiceSpec) -> [FieldError] {
        var faults: [FieldError] = []
        for (index, text) in spec.clusterIPs.enumerated() where text != "None" && index >= spec.ipFamilies.count {
            guard let family = IPAddress(ofAPI: text)?.family.description else { continue }
            if addresses[family] == nil {
                faults.append(
                    .invalid(
                        "spec.clusterIPs[\(index)]", .array(spec.clusterIPs.map { .string($0) }),
                        "\(family) is not configured on this cluster"))
            } else {
                spec.ipFamilies.append(family)
            }
        }
        return faults
    }

    private func unavailable(in spec: ServiceSpec) -> [FieldError] {
        var faults: [FieldError] = []
        if spec.ipFamilyPolicy == "RequireDualStack", addresses.count < 2 {
            faults.append(policyFault(spec, "this cluster is not configured for dual-stack services"))
        }
        for (index, family) in spec.ipFamilies.enumerated() where addresses[family] == nil {
            faults.append(
                .invalid("spec.ipFamilies[\(index)]", .string(family), "not configured on this cluster"))
        }
        return faults
    }

    private func policyFault(_ spec: ServiceSpec, _ why: String) -> FieldError {
        .invalid("spec.ipFamilyPolicy", .string(spec.ipFamilyPolicy ?? ""), why)
    }

    private static func other(_ family: String) -> String { family == "IPv4" ? "IPv6" : "IPv4" }
}
