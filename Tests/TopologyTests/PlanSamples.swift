import Addressing
import Foundation
import Netlink
import Testing

@testable import Topology

/// The repository's own labs, and short ways to write what plans consist of.
enum PlanSamples {
    /// The plan of a file below labs/.
    static func lab(_ name: String) throws -> LabPlan {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "labs/\(name).toml"), encoding: .utf8)
        return LabPlan(try LabTexts.parse(text))
    }

    /// A plan's namespace as lines, one for each thing in it; neighbours on request.
    static func lines(_ plan: NamespacePlan, neighbors: Bool = true) -> [String] {
        var lines: [String] = []
        if let shared = plan.sharedWith { lines.append("shared with \(shared)") }
        lines += plan.bridges.map { "bridge \($0.name) \($0.station) \($0.mtu)" }
        if let vxlan = plan.vxlan {
            lines.append(
                "vxlan \(vxlan.name) \(vxlan.station) \(vxlan.mtu) \(vxlan.settings.identifier) \(vxlan.settings.local)"
                    + " \(vxlan.settings.port)")
        }
        if let uplink = plan.uplink {
            lines.append(
                "uplink \(uplink.interface) \(uplink.station) \(uplink.mtu) to \(uplink.bridge) of \(uplink.owner)")
        }
        lines += plan.addresses.map { "address \($0.address) \($0.link)" }
        lines += plan.routes.map { "route \($0)" }
        if neighbors { lines += plan.neighbors.map { "neighbor \($0.address) \($0.station) \($0.link)" } }
        lines += plan.forwarding.map { "forwarding \($0.station) \($0.remote) \($0.link)" }
        return lines
    }
}
