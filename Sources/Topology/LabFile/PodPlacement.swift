import Addressing

/// Gives pods their nodes and addresses, around the pods that are there.
struct PodPlacement {
    private(set) var spec: LabSpec
    private(set) var sources: SourceMap
    private(set) var problems: [Problem] = []
    /// How many pods each node has or is sure to get.
    private var counts: [Int]
    private let nodes: [String: Int]
    private var pools: [[AddressPool]]

    /// Begins with a lab whose nodes are complete.
    init(_ spec: LabSpec, sources: SourceMap) {
        self.spec = spec
        self.sources = sources
        nodes = Dictionary(spec.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        counts = spec.nodes.map { _ in 0 }
        for pod in spec.pods { if let node = nodes[pod.node] { counts[node] += 1 } }
        let taken = Set(spec.pods.flatMap(\.address))
        pools = spec.nodes.map { node in node.podCIDR.map { AddressPool($0, taken: taken) } }
    }

    /// Places pods behind those that are there. What pods ask for is reserved before anything is chosen; a pod that asks
    /// for no node goes where its address is, or else to the node with the fewest pods, the first of equals.
    mutating func place(_ pods: [PodManifest]) {
        let wanted = pods.map { pod in pod.node.map { nodes[$0] } ?? node(holding: pod.address) }
        for (pod, node) in zip(pods, wanted) {
            guard let node else { continue }
            counts[node] += 1
            for address in pod.address {
                for pool in pools[node].indices { pools[node][pool].reserve(address) }
            }
        }
        for (pod, node) in zip(pods, wanted) {
            place(pod, on: node)
        }
    }

    private func node(holding addresses: [IPAddress]) -> Int? {
        spec.nodes.firstIndex { node in
            addresses.contains { address in node.podCIDR.contains { $0.contains(address) } }
        }
    }

    private mutating func place(_ pod: PodManifest, on wanted: Int?) {
        let path = FieldPath.root["pod"][spec.pods.count]
        for (field, location) in pod.sources { sources[path.adding(field.steps)] = location }
        var placed = PodSpec(
            namespace: pod.namespace, name: pod.name, node: pod.node ?? "", address: pod.address, labels: pod.labels,
            hostNetwork: pod.hostNetwork, containers: pod.containers, naming: pod.naming)
        if let node = wanted ?? (pod.node == nil ? emptiest() : nil) {
            placed.node = spec.nodes[node].name
            placed.address = pod.hostNetwork ? shared(pod, node, at: path) : completed(pod, node, at: path)
        }
        spec.pods.append(placed)
    }

    private mutating func emptiest() -> Int? {
        guard let node = counts.indices.min(by: { counts[$0] < counts[$1] }) else { return nil }
        counts[node] += 1
        return node
    }

    /// The addresses of a pod that lives in its node's namespace.
    private mutating func shared(_ pod: PodManifest, _ node: Int, at path: FieldPath) -> [IPAddress] {
        if !pod.address.isEmpty {
            problems.append(
                Problem(
                    path: path["address"], message: "a pod in its node's network has the node's addresses and no own",
                    remedy: "remove the address, or host-network"))
        }
        return spec.nodes[node].address
    }

    private mutating func completed(_ pod: PodManifest, _ node: Int, at path: FieldPath) -> [IPAddress] {
        var addresses: [IPAddress] = []
        for pool in pools[node].indices {
            let range = pools[node][pool].range
            guard !pod.address.contains(where: { $0.family == range.family }) else { continue }
            // The first address is the gateway's.
            guard let address = pools[node][pool].take(from: 2) else {
                problems.append(
                    Problem(
                        path: path["address"],
                        message: "the pod range \(range) of \(spec.nodes[node].name) has no free address left",
                        remedy: "give the node a larger pod-cidr, or place the pod on another node"))
                continue
            }
            addresses.append(address)
        }
        return sources.ordered(pod.address, adding: addresses, by: spec.cluster.families, \.family, at: path["address"])
    }
}
