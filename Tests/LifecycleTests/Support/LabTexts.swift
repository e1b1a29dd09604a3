/// Lab files, without their first line, which names the lab.
enum LabTexts {
    static let nodes = """
        [[node]]
        name = "node1"
        address = ["192.168.1.10"]
        pod-cidr = ["10.244.1.0/24"]
        [[node]]
        name = "node2"
        address = ["192.168.1.11"]
        pod-cidr = ["10.244.2.0/24"]

        """

    static let hostNetworkPod = """
        [[pod]]
        name = "h"
        node = "node2"
        host-network = true

        """

    static let client = """
        [[host]]
        name = "client"
        address = ["192.168.1.100"]

        """

    static func pod(
        _ name: String, on node: String, _ address: String, _ container: String? = nil, labels: [String: String] = [:]
    ) -> String {
        let labels = labels.map { "\($0) = \"\($1)\"" }.joined(separator: ", ")
        return """
            [[pod]]
            name = "\(name)"
            node = "\(node)"
            address = ["\(address)"]
            labels = { \(labels) }
            \(container.map { "container = [\($0)]" } ?? "")

            """
    }

    /// A container with a process of its own.
    static let sleeper = #"{ name = "main", image = "x", command = ["sleep", "infinity"] }"#

    /// A built-in server with hostPorts.
    static func server(hostPorts: [Int]) -> String {
        let ports = hostPorts.map { "{ container-port = \($0 == 8088 ? 80 : $0), host-port = \($0) }" }
        return #"{ name = "web", image = "agnhost", port = [\#(ports.joined(separator: ", "))] }"#
    }

    /// Two nodes; a real command, a hostPort, a hostNetwork pod.
    static let small =
        nodes + pod("a", on: "node1", "10.244.1.5", sleeper)
        + pod("b", on: "node2", "10.244.2.3", server(hostPorts: [8088]))
        + hostNetworkPod
    static let smallNamespaces: Set = [
        "underlay", "control-plane", "node1", "node2", "default.a", "default.b", "default.h",
    ]

    /// The small lab and a further pod.
    static let before = small + pod("c", on: "node1", "10.244.1.6")
    static let beforeNamespaces = smallNamespaces.union(["default.c"])

    /// `before` with a pod less, a pod more, another address and another hostPort.
    static let after =
        nodes + pod("a", on: "node1", "10.244.1.7", sleeper)
        + pod("b", on: "node2", "10.244.2.3", server(hostPorts: [8088, 8089])) + hostNetworkPod
        + pod("d", on: "node2", "10.244.2.4")
    static let afterNamespaces = smallNamespaces.union(["default.d"])

    /// Something else again: a pod that neither of the others has, and host-gw in place of vxlan.
    static let third =
        "[components]\npod-network = \"host-gw\"\n" + nodes + pod("a", on: "node1", "10.244.1.5", sleeper)
        + pod("b", on: "node2", "10.244.2.3") + pod("e", on: "node1", "10.244.1.9", sleeper)

    /// Two nodes with many pods each.
    static func large(pods: Int) -> String {
        nodes
            + (0..<pods).map {
                pod("p\($0)", on: $0 % 2 == 0 ? "node1" : "node2", "10.244.\($0 % 2 + 1).\($0 / 2 + 20)")
            }.joined()
    }
}
