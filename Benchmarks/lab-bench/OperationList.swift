import Addressing
import Netlink
import Topology

/// A plan's operations in the form that the floor reads: a line each, namespaces by number.
struct OperationList {
    private(set) var lines: [String] = []
    private var numbers: [String: Int] = [:]

    init(_ operations: [Operation]) throws {
        for operation in operations { try append(operation) }
    }

    private func number(_ namespace: String) -> Int { numbers[namespace] ?? -1 }

    private mutating func append(_ operation: Operation) throws {
        switch operation {
        case .createNamespace(let name, let sysctls):
            let number = numbers.count
            numbers[name] = number
            lines.append("namespace \(number) \(name)")
            lines += sysctls.map { "sysctl \(number) \($0.name) \($0.value) \($0.isOptional ? 1 : 0)" }
        case .disableChecksumOffload(let name, let link): lines.append("offload \(number(name)) \(link)")
        case .setUp(let name, let link): lines.append("up \(number(name)) \(link)")
        case .addBridge, .addVXLAN, .addUplink: appendLink(operation)
        case .addAddress(let name, let plan):
            lines.append("address \(number(name)) \(plan.link) \(plan.address.address) \(plan.address.prefixLength)")
        case .replaceRoute(let name, let plan):
            let destination = "\(plan.destination.network) \(plan.destination.prefixLength)"
            let gateway = plan.gateway.map(\.description) ?? "-"
            lines.append("route \(number(name)) \(destination) \(gateway) \(plan.link) \(plan.isOnLink ? 1 : 0)")
        case .replaceNeighbor(let name, let plan):
            lines.append("neighbor \(number(name)) \(plan.link) \(plan.address) \(plan.station)")
        case .replaceForwarding(let name, let plan):
            lines.append("forwarding \(number(name)) \(plan.link) \(plan.remote) \(plan.station)")
        default: throw BenchError("the floor does not know how to \(operation.summary)")
        }
    }

    private mutating func appendLink(_ operation: Operation) {
        switch operation {
        case .addBridge(let name, let plan):
            lines.append("bridge \(number(name)) \(plan.name) \(plan.station) \(plan.mtu)")
        case .addVXLAN(let name, let plan):
            let settings = "\(plan.settings.identifier) \(plan.settings.local) \(plan.settings.port)"
            lines.append("vxlan \(number(name)) \(plan.name) \(plan.station) \(plan.mtu) \(settings)")
        case .addUplink(let far, let plan):
            let near = "\(number(plan.owner)) \(plan.port) \(plan.portStation) \(plan.mtu) \(plan.bridge)"
            lines.append("veth \(near) \(number(far)) \(plan.interface) \(plan.station)")
            lines.append("altname \(number(plan.owner)) \(plan.port) \(plan.alternativeName)")
            if plan.isHairpin { lines.append("hairpin \(number(plan.owner)) \(plan.port)") }
        default: break
        }
    }
}
