import Addressing
import KubernetesModel
import Testing

/// Somebody who opens flows, and as a pod answers them.
struct Party: Sendable {
    enum Place {
        case pod, node, outside
    }

    let name: String
    let place: Place
    /// The node that it is, that it is on or that is its router.
    let node: String
    let namespace: TestNamespace
    /// One of each family.
    let addresses: [IPAddress]

    func address(_ family: AddressFamily) throws -> IPAddress {
        try #require(addresses.first { $0.family == family }, "\(name) has no \(family) address")
    }

    /// What the oracle calls it.
    func source(_ family: AddressFamily) throws -> FlowSource {
        switch place {
        case .pod: .pod(namespace: "default", name: name)
        case .node: .node(name)
        case .outside: .outside(try address(family), through: node)
        }
    }

    /// The object that the oracle knows it by; nil where it knows none.
    var object: APIObject? {
        let addresses = addresses.map { JSONValue.string("\($0)") }
        switch place {
        case .pod:
            return APIObject(
                .pods, name: name,
                [
                    "spec": ["nodeName": .string(node)],
                    "status": ["phase": "Running", "podIPs": .array(addresses.map { ["ip": $0] })],
                ])
        case .node:
            var object = APIObject(
                .nodes, name: name,
                ["status": ["addresses": .array(addresses.map { ["type": "InternalIP", "address": $0] })]])
            if let zone = SampleCluster.node(name).zone { object.labels = ["topology.kubernetes.io/zone": zone] }
            return object
        case .outside: return nil
        }
    }
}
