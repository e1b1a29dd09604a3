import Addressing

extension SpecValidation {
    /// Checks the cluster and the underlay, and tells whether addresses can be judged by their ranges.
    mutating func checkRanges() -> Bool {
        let before = problems.count
        let ranges = [
            ("the pod range", spec.cluster.podCIDR, FieldPath.root["cluster"]["pod-cidr"]),
            ("the service range", spec.cluster.serviceCIDR, FieldPath.root["cluster"]["service-cidr"]),
            ("the underlay", spec.underlay.cidr, FieldPath.root["underlay"]["cidr"]),
        ]
        var seen: [(name: String, range: CIDR)] = []
        for (name, list, path) in ranges {
            checkFamilies(of: list, name, at: path)
            for (index, range) in list.enumerated() {
                check(range, at: path[index])
                if let other = seen.first(where: { $0.range.overlaps(range) }) {
                    refuse(
                        path[index], "\(name) \(range) overlaps \(other.name) \(other.range)",
                        remedy: "use ranges that share no address")
                }
                seen.append((name, range))
            }
        }
        checkAgreement()
        checkMTU()
        return problems.count == before
    }

    private mutating func checkFamilies(of list: [CIDR], _ name: String, at path: FieldPath) {
        if list.isEmpty { refuse(path, "\(name) is missing", remedy: "give one range a family, one or two in all") }
        for (index, range) in list.enumerated() where list[..<index].contains(where: { $0.family == range.family }) {
            refuse(
                path[index], "\(name) has two \(range.family) ranges", remedy: "give at most one range a family")
        }
    }

    private static let reserved: [(what: String, range: CIDR)] = [
        ("this network", "0.0.0.0/8"), ("loopback", "127.0.0.0/8"), ("link-local addresses", "169.254.0.0/16"),
        ("multicast and reserved addresses", "224.0.0.0/3"), ("unspecified and loopback addresses", "::/127"),
        ("IPv4-mapped addresses", "::ffff:0:0/96"), ("link-local addresses", "fe80::/10"), ("multicast", "ff00::/8"),
    ].compactMap { what, text in CIDR(text).map { (what, $0) } }

    private mutating func check(_ range: CIDR, at path: FieldPath) {
        if let reserved = Self.reserved.first(where: { $0.range.overlaps(range) }) {
            refuse(
                path, "\(range) overlaps \(reserved.range), which is kept for \(reserved.what)",
                remedy: "use a private range, such as 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or fd00::/8")
        }
        checkSize(of: range, at: path)
    }

    /// A bridge and one station behind it need two addresses besides the reserved ones.
    mutating func checkSize(of range: CIDR, at path: FieldPath) {
        let longest = range.family.bitWidth - 2
        guard range.prefixLength > longest else { return }
        refuse(path, "\(range) is too small", remedy: "use a range of /\(longest) or larger")
    }

    private mutating func checkAgreement() {
        let pods = Set(spec.cluster.families)
        let services = Set(spec.cluster.serviceCIDR.map(\.family))
        let underlay = Set(spec.underlay.cidr.map(\.family))
        if pods != services, !pods.isEmpty, !services.isEmpty {
            let names = Self.names(pods)
            refuse(
                .root["cluster"]["service-cidr"],
                "the service range has \(Self.names(services)) and the pod range has \(names)",
                remedy: "give both the same families, here \(names)")
        }
        if spec.components.podNetwork == .hostGateway, !pods.isSubset(of: underlay) {
            let missing = Self.names(pods.subtracting(underlay))
            refuse(
                .root["underlay"]["cidr"],
                "host-gw routes pods through node addresses, and the underlay has no \(missing)",
                remedy: "add an \(missing) range to the underlay, or use vxlan")
        }
    }

    private static func names(_ families: Set<AddressFamily>) -> String {
        AddressFamily.allCases.filter(families.contains).map(\.description).joined(separator: " and ")
    }

    private mutating func checkMTU() {
        let path = FieldPath.root["underlay"]["mtu"]
        let mtu = spec.underlay.mtu
        let hasIPv6 = (spec.underlay.cidr + spec.cluster.podCIDR).contains { $0.family == .ipv6 }
        // RFC 8200, section 5, and RFC 791: the sizes that every host must take.
        let least = hasIPv6 ? 1280 : 576
        guard (least...65535).contains(mtu) else {
            refuse(
                path, "an mtu of \(mtu) is out of range\(hasIPv6 ? " for a lab with IPv6" : "")",
                remedy: "use a number from \(least) to 65535")
            return
        }
        guard spec.components.podNetwork == .vxlan, spec.cluster.families.contains(.ipv6) else { return }
        // RFC 7348: an outer IP header, UDP, VXLAN and the inner Ethernet header.
        let overhead = spec.underlay.cidr.first?.family == .ipv6 ? 70 : 50
        if mtu - overhead < 1280 {
            refuse(
                path, "vxlan leaves pods an mtu of \(mtu - overhead), and IPv6 needs 1280",
                remedy: "use at least \(1280 + overhead), or host-gw")
        }
    }
}
