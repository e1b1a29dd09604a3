import Addressing

extension SpecValidation {
    mutating func checkNodes() {
        for (index, node) in spec.nodes.enumerated() {
            let path = FieldPath.root["node"][index]
            checkUnderlay(node.address, of: node.name, at: path["address"])
            checkPodRanges(of: node, at: path["pod-cidr"])
        }
        for (index, host) in spec.hosts.enumerated() {
            checkUnderlay(host.address, of: host.name, at: FieldPath.root["host"][index]["address"])
        }
        checkDisjointPodRanges()
    }

    private mutating func checkUnderlay(_ addresses: [IPAddress], of name: String, at path: FieldPath) {
        let ranges = spec.underlay.cidr
        for (index, address) in addresses.enumerated() {
            guard let range = ranges.first(where: { $0.family == address.family }) else {
                refuse(
                    path[index], "\(address) has no place: the underlay has no \(address.family) range",
                    remedy: "remove it, or add an \(address.family) range to underlay.cidr")
                continue
            }
            let remedy = "use " + range.usableAddresses(from: 1)
            if !range.contains(address) {
                refuse(path[index], "\(address) is outside the underlay \(range)", remedy: remedy)
            } else if let reserved = range.reserves(address) {
                refuse(path[index], "\(address) is \(reserved) of the underlay \(range)", remedy: remedy)
            }
        }
        checkFamilies(of: addresses, ranges.map(\.family), owner: name, at: path)
    }

    /// There must be exactly one address a family.
    private mutating func checkFamilies(
        of addresses: [IPAddress], _ families: [AddressFamily], owner: String, at path: FieldPath
    ) {
        for (index, address) in addresses.enumerated()
        where addresses[..<index].contains(where: { $0.family == address.family }) {
            refuse(
                path[index], "\(Shown.plain(owner)) has two \(address.family) addresses",
                remedy: "give at most one address a family")
        }
        for family in families where !addresses.contains(where: { $0.family == family }) {
            refuse(path, "\(Shown.plain(owner)) has no \(family) address", remedy: "give it one")
        }
    }

    // MARK: Pod ranges

    private mutating func checkPodRanges(of node: NodeSpec, at path: FieldPath) {
        for (index, range) in node.podCIDR.enumerated() {
            guard let whole = spec.cluster.podCIDR.first(where: { $0.family == range.family }) else {
                refuse(
                    path[index], "\(range) has no place: the cluster has no \(range.family) pod range",
                    remedy: "remove it, or add an \(range.family) range to cluster.pod-cidr")
                continue
            }
            if !whole.contains(range) {
                refuse(
                    path[index], "\(range) is outside the cluster's pod range \(whole)",
                    remedy: "use a part of \(whole)")
            }
            checkSize(of: range, at: path[index])
            if node.podCIDR[..<index].contains(where: { $0.family == range.family }) {
                refuse(
                    path[index], "\(Shown.plain(node.name)) has two \(range.family) pod ranges",
                    remedy: "give at most one range a family")
            }
        }
        for family in spec.cluster.families where !node.podCIDR.contains(where: { $0.family == family }) {
            refuse(path, "\(Shown.plain(node.name)) has no \(family) pod range", remedy: "give it one")
        }
    }

    private mutating func checkDisjointPodRanges() {
        let ranges = spec.nodes.enumerated().flatMap { index, node in
            node.podCIDR.enumerated().map { (node: index, offset: $0, range: $1) }
        }
        // In the order of addresses only neighbours need comparing, as blocks are nested or apart.
        let sorted = ranges.sorted {
            ($0.range.network, $0.range.prefixLength, $0.node) < ($1.range.network, $1.range.prefixLength, $1.node)
        }
        guard var outer = sorted.first else { return }
        for next in sorted.dropFirst() {
            guard outer.range.overlaps(next.range) else {
                outer = next
                continue
            }
            guard outer.node != next.node else { continue }
            let (first, second) = outer.node < next.node ? (outer, next) : (next, outer)
            refuse(
                .root["node"][second.node]["pod-cidr"][second.offset],
                "\(second.range) overlaps the pod range \(first.range) of \(Shown.plain(spec.nodes[first.node].name))",
                remedy: "give each node a range of its own")
        }
    }

    // MARK: Pods

    mutating func checkPods() {
        let nodes = Dictionary(spec.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for (index, pod) in spec.pods.enumerated() {
            let path = FieldPath.root["pod"][index]
            guard let node = nodes[pod.node] else {
                refuseNode(of: pod, at: path["node"])
                continue
            }
            if pod.hostNetwork {
                guard pod.address != node.address else { continue }
                refuse(
                    path["address"], "a pod in its node's network has the node's addresses and no own",
                    remedy: "remove the address, or host-network")
            } else {
                checkAddresses(of: pod, on: node, at: path["address"])
            }
        }
    }

    private mutating func refuseNode(of pod: PodSpec, at path: FieldPath) {
        // Without any node that is the problem to report.
        guard !spec.nodes.isEmpty else { return }
        let names = spec.nodes.map(\.name)
        let near = Suggestion.nearest(to: pod.node, among: names).map { "did you mean \"\($0)\"?" }
        let some = names.prefix(8).map(Shown.plain).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
        refuse(path, "there is no node \(Shown.quoted(pod.node))", remedy: near ?? "the nodes are \(some)")
    }

    private mutating func checkAddresses(of pod: PodSpec, on node: NodeSpec, at path: FieldPath) {
        let name = Shown.plain(node.name)
        for (index, address) in pod.address.enumerated() {
            guard let range = node.podCIDR.first(where: { $0.family == address.family }) else {
                refuse(
                    path[index], "\(address) has no place: \(name) has no \(address.family) pod range",
                    remedy: "remove it, or add an \(address.family) range to cluster.pod-cidr")
                continue
            }
            let remedy = "use " + range.usableAddresses(from: 2)
            if !range.contains(address) {
                refuse(path[index], "\(address) is outside the pod range \(range) of \(name)", remedy: remedy)
            } else if let reserved = range.reserves(address) {
                refuse(path[index], "\(address) is \(reserved) of the pod range \(range) of \(name)", remedy: remedy)
            } else if address == range.address(at: 1) {
                refuse(path[index], "\(address) is the gateway of the pod range \(range) of \(name)", remedy: remedy)
            }
        }
        checkFamilies(of: pod.address, node.podCIDR.map(\.family), owner: pod.qualifiedName, at: path)
    }

    mutating func checkUniqueAddresses() {
        var owners: [IPAddress: FieldPath] = [:]
        let lists =
            spec.nodes.enumerated().map { (FieldPath.root["node"][$0], $1.name, $1.address) }
            + spec.hosts.enumerated().map { (FieldPath.root["host"][$0], $1.name, $1.address) }
            + spec.pods.enumerated().filter { !$1.hostNetwork }
            .map { (FieldPath.root["pod"][$0], $1.qualifiedName, $1.address) }
        var names: [IPAddress: String] = [:]
        for (path, name, addresses) in lists {
            for (index, address) in addresses.enumerated() {
                guard let first = owners[address], let owner = names[address] else {
                    owners[address] = path
                    names[address] = name
                    continue
                }
                guard first != path else { continue }
                refuse(
                    path["address"][index], "\(address) is taken by \(Shown.plain(owner))",
                    remedy: "use another address")
            }
        }
    }
}
