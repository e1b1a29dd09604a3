import Addressing

/// Finds what is wrong with a spec.
struct SpecValidation {
    let spec: LabSpec
    private(set) var problems: [Problem] = []

    /// The problems of a complete spec.
    static func problems(of spec: LabSpec) -> [Problem] {
        var validation = SpecValidation(spec: spec)
        validation.checkNames()
        validation.checkContainers()
        validation.checkCapacity()
        guard validation.checkRanges() else { return validation.problems }
        validation.checkNodes()
        validation.checkPods()
        validation.checkUniqueAddresses()
        validation.checkHostPorts()
        return validation.problems
    }

    init(spec: LabSpec) {
        self.spec = spec
    }

    mutating func refuse(_ path: FieldPath, _ message: String, remedy: String) {
        problems.append(Problem(path: path, message: message, remedy: remedy))
    }

    /// The kernel's bridge has no more ports (BR_MAX_PORTS is 1,024, and number 0 is none).
    static let maximumBridgePorts = 1023

    /// Whether every bridge has ports enough.
    @discardableResult
    mutating func checkCapacity(openPods: Int = 0) -> Bool {
        let before = problems.count
        let limit = Self.maximumBridgePorts
        let stations = spec.nodes.count + spec.hosts.count
        if stations > limit {
            refuse(
                .root["node"], "the underlay's bridge has \(limit) ports, and the lab has \(stations) nodes and hosts",
                remedy: "use at most \(limit) nodes and hosts together")
        }
        if openPods > limit * spec.nodes.count, !spec.nodes.isEmpty {
            refuse(
                .root["pod"],
                "\(spec.nodes.count) nodes have room for \(limit * spec.nodes.count) pods, and the lab has "
                    + "\(openPods)", remedy: "add nodes; a node's bridge has \(limit) ports")
        }
        var counts: [String: Int] = [:]
        for (index, pod) in spec.pods.enumerated() where !pod.hostNetwork {
            counts[pod.node, default: 0] += 1
            guard counts[pod.node] == limit + 1 else { continue }
            refuse(
                .root["pod"][index]["node"],
                "the bridge of \(pod.node) has \(limit) ports, and this pod is one too many",
                remedy: "place the pod on another node")
        }
        return problems.count == before
    }
}
