import Addressing

extension Faults {
    mutating func node(_ node: JSONValue) {
        let spec = node["spec"] ?? [:]
        var seen: Set<[JSONValue]> = []
        for (index, taint) in spec.elements("taints").enumerated() {
            // The API server has these under this path.
            let path = "metadata.taints[\(index)]"
            let key = taint["key"]?.string ?? ""
            invalid("\(path).key", key, Naming.qualifiedNameFaults(key))
            if let value = taint.text("value") { joined("\(path).value", value, Naming.labelValueFaults(value)) }
            requiredAndSupported("\(path).effect", taint.text("effect"), Self.taintEffects)
            if !seen.insert([.string(key), taint["effect"] ?? ""]).inserted {
                add(
                    FieldError(
                        .duplicate, path, value: taint, "taints must be unique by key and effect pair"))
            }
        }
        for field in ["capacity", "allocatable"] {
            for (name, amount) in (node[path: ["status", field]]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
                if let quantity = Self.quantity(amount), quantity.nanos < 0 {
                    invalid("status.\(field).\(name)", amount, "must be greater than or equal to 0")
                }
            }
        }
        let texts = spec.elements("podCIDRs").compactMap(\.string)
        let blocks = texts.enumerated().compactMap { block("spec.podCIDRs[\($0.offset)]", $0.element) }
        if texts.count > 1, blocks.count == texts.count, Set(blocks.map(\.family)).count != texts.count {
            invalid("spec.podCIDRs", Self.array(texts), "may specify no more than one CIDR for each IP family")
        }
        var addresses: Set<JSONValue> = []
        for (index, address) in (node["status"]?.elements("addresses") ?? []).enumerated()
        where !addresses.insert(address).inserted {
            duplicate("status.addresses[\(index)]", address)
        }
    }

    static let taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

    mutating func nodeChange(_ new: JSONValue, replacing old: JSONValue) {
        let (new, old) = (new["spec"] ?? [:], old["spec"] ?? [:])
        let blocks = old.elements("podCIDRs")
        if !blocks.isEmpty, new.elements("podCIDRs") != blocks {
            forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid")
        }
        if let provider = old.text("providerID"), new["providerID"]?.string != provider {
            forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid")
        }
    }
}
