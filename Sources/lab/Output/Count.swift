import Topology

extension LabSpec {
    /// `2 nodes, 2 pods, 1 host`.
    var size: String {
        [nodes.count.of("node"), pods.count.of("pod"), hosts.count.of("host")].joined(separator: ", ")
    }
}

extension Int {
    /// `1 pod`, `2 pods`.
    func of(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
