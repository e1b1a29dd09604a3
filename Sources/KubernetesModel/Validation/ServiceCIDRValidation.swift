import Addressing

extension Faults {
    mutating func serviceCIDR(_ serviceCIDR: JSONValue) {
        let path = "spec.cidrs"
        let texts = (serviceCIDR["spec"]?.elements("cidrs") ?? []).compactMap(\.string)
        if texts.isEmpty { required(path, "at least one CIDR required") }
        if texts.count > 2 { invalid(path, Self.array(texts), "may only hold up to 2 values") }
        let blocks = texts.enumerated().compactMap { strictBlock("\(path)[\($0.offset)]", $0.element) }
        if texts.count == 2, blocks.count == 2, blocks[0].family == blocks[1].family {
            invalid(
                path, Self.array(texts),
                "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/96")
        }
    }

    /// A second block of the other family can be added; nothing else changes.
    mutating func serviceCIDRChange(_ new: JSONValue, replacing old: JSONValue) {
        let (now, before) = (new["spec"]?.elements("cidrs") ?? [], old["spec"]?.elements("cidrs") ?? [])
        if now != before, !(before.count == 1 && now.count == 2 && now.first == before.first) {
            immutable("spec.cidrs", .array(now), .array(before))
        }
    }
}
