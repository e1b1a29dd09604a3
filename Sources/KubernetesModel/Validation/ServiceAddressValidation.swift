import Addressing

extension Faults {
    /// The addresses of a Service and their families.
    mutating func clusterIPs(_ spec: JSONValue, isHeadless: Bool) {
        let first = spec.text("clusterIP")
        let given = spec.elements("clusterIPs").compactMap(\.string)
        if let first, let listed = given.first, listed != first {
            invalid("spec.clusterIPs", spec["clusterIPs"], "first value must match `clusterIP`")
        } else if first == nil, !given.isEmpty {
            invalid("spec.clusterIPs", spec["clusterIPs"], "must be empty when `clusterIP` is not specified")
        }
        let families = spec.elements("ipFamilies").compactMap(\.string)
        ipFamilies(families)
        if let policy = spec["ipFamilyPolicy"]?.string {
            supported("spec.ipFamilyPolicy", policy, ["PreferDualStack", "RequireDualStack", "SingleStack"])
        }
        let all = given.isEmpty ? first.map { [$0] } ?? [] : given
        guard let addresses = clusterAddresses(all) else { return }
        if addresses.count > 1, Set(addresses.map(\.family)).count != addresses.count {
            invalid("spec.clusterIPs", Self.array(all), "may specify no more than one IP for each IP family")
        }
        guard !isHeadless else { return }
        for (index, (address, family)) in zip(addresses, families).enumerated()
        where ["IPv4", "IPv6"].contains(family) && family != address.family.description {
            invalid(
                "spec.clusterIPs[\(index)]", all[index],
                ["expected an \(family) value as indicated by `ipFamilies[\(index)]`"])
        }
    }

    private mutating func ipFamilies(_ families: [String]) {
        var seen: Set<String> = []
        for (index, family) in families.enumerated() {
            supported("spec.ipFamilies[\(index)]", family, ["IPv4", "IPv6"])
            if !seen.insert(family).inserted { duplicate("spec.ipFamilies[\(index)]", .string(family)) }
        }
    }

    /// - Returns: the addresses, none for a headless Service, or nil where one is at fault.
    private mutating func clusterAddresses(_ texts: [String]) -> [IPAddress]? {
        var isGood = true
        var addresses: [IPAddress] = []
        for (index, text) in texts.enumerated() {
            if index == 0, text == "None" {
                guard texts.count > 1 else { continue }
                isGood = false
                invalid("spec.clusterIPs", Self.array(texts), "'None' must be the first and only value")
            } else if let address = address("spec.clusterIPs[\(index)]", text) {
                addresses.append(address)
            } else {
                isGood = false
            }
        }
        if texts.count > 2 { invalid("spec.clusterIPs", Self.array(texts), "may only hold up to 2 values") }
        return isGood ? addresses : nil
    }

    static func array(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

    /// Whether a text that should be a name is an address.
    static func isAddress(_ text: String) -> Bool { IPAddress(ofAPI: text) != nil }

    /// What may not change about a Service: its first address and family, except from and to ExternalName.
    mutating func serviceChange(_ new: JSONValue, replacing old: JSONValue) {
        let (new, old) = (new["spec"] ?? [:], old["spec"] ?? [:])
        if new["type"] != "ExternalName", old["type"] != "ExternalName" {
            if !(new["clusterIP"] == "None" && old["clusterIP"] == "None") {
                listChange(
                    "clusterIPs", Self.addresses(new), replacing: Self.addresses(old), noun: "clusterIP")
            }
            // Families that are left out are the allocator's to fill in.
            if !new.elements("ipFamilies").isEmpty {
                listChange(
                    "ipFamilies", new.elements("ipFamilies"), replacing: old.elements("ipFamilies"),
                    noun: "ipFamily")
            }
        }
        if new["type"] == "LoadBalancer", old["type"] == "LoadBalancer",
            new["loadBalancerClass"] != old["loadBalancerClass"]
        {
            invalid("spec.loadBalancerClass", new["loadBalancerClass"], "may not change once set")
        }
        let port = "healthCheckNodePort"
        if Self.needsHealthCheck(new), Self.needsHealthCheck(old), let before = old[port], new[port] != before {
            forbidden("spec.\(port)", "field is immutable")
        }
    }

    private static func needsHealthCheck(_ spec: JSONValue) -> Bool {
        spec["type"] == "LoadBalancer" && spec["externalTrafficPolicy"] == "Local"
    }

    private static func addresses(_ spec: JSONValue) -> [JSONValue] {
        let all = spec.elements("clusterIPs")
        return all.isEmpty ? spec.text("clusterIP").map { [.string($0)] } ?? [] : all
    }

    /// The first of a list stays. Whether the second may come and go is the allocator's to say, by the policy.
    private mutating func listChange(
        _ field: String, _ new: [JSONValue], replacing old: [JSONValue], noun: String
    ) {
        guard !old.isEmpty else { return }
        if new.isEmpty { return invalid("spec.\(field)[0]", .array(new), "primary \(noun) can not be unset") }
        for index in old.indices.prefix(new.count == old.count ? old.count : 1) where new[index] != old[index] {
            invalid("spec.\(field)[\(index)]", .array(new), "may not change once set")
        }
    }
}
