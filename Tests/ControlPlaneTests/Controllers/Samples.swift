import KubernetesModel

@testable import ControlPlane

/// Objects as the API server would hand them out.
enum Sample {
    static func service(
        _ name: String = "web", selector: JSONValue? = ["app": "web"], ports: JSONValue = [["port": 80]],
        families: JSONValue = ["IPv4"], clusterIP: String = "10.96.0.10", spec: [String: JSONValue] = [:],
        labels: [String: String] = [:], annotations: [String: String] = [:]
    ) -> Service {
        var fields = spec
        fields["selector"] = selector
        fields["ports"] = ports
        fields["ipFamilies"] = families
        fields["clusterIP"] = .string(clusterIP)
        var object = APIObject(.services, name: name, ["spec": .object(fields)])
        object.uid = "uid-\(name)"
        object.labels = labels
        object.annotations = annotations
        return Service(object)
    }

    static func podObject(
        _ name: String, ips: [String] = [], node: String? = "n1", isReady: Bool = true, phase: String = "Running",
        labels: [String: String] = ["app": "web"], isTerminating: Bool = false, ports: JSONValue = [],
        _ spec: [String: JSONValue] = [:], readySince: Int64 = 0, created: Int64 = 0
    ) -> APIObject {
        var fields = spec
        fields["containers"] = [["name": "c", "image": "nginx", "ports": ports]]
        fields["nodeName"] = node.map { .string($0) }
        let ready: JSONValue = [
            "type": "Ready", "status": isReady ? "True" : "False",
            "lastTransitionTime": .string(Timestamp(seconds: readySince).description),
        ]
        var status: [String: JSONValue] = ["phase": .string(phase), "conditions": [ready]]
        if !ips.isEmpty { status["podIPs"] = .array(ips.map { ["ip": .string($0)] }) }
        var object = APIObject(.pods, name: name, ["spec": .object(fields), "status": .object(status)])
        object.uid = "uid-\(name)"
        object.labels = labels
        object["metadata", "creationTimestamp"] = .string(Timestamp(seconds: created).description)
        if isTerminating { object["metadata", "deletionTimestamp"] = "2026-01-01T00:00:00Z" }
        return object
    }

    static func pod(
        _ name: String, ips: [String] = ["10.244.0.1"], node: String? = "n1", isReady: Bool = true,
        phase: String = "Running", labels: [String: String] = ["app": "web"], isTerminating: Bool = false,
        ports: JSONValue = [], _ spec: [String: JSONValue] = [:], readySince: Int64 = 0, created: Int64 = 0
    ) -> Pod {
        Pod(
            podObject(
                name, ips: ips, node: node, isReady: isReady, phase: phase, labels: labels,
                isTerminating: isTerminating, ports: ports, spec, readySince: readySince, created: created))
    }

    static func nodeObject(_ name: String, labels: [String: String] = [:], _ spec: JSONValue = [:]) -> APIObject {
        var object = APIObject(.nodes, name: name, ["spec": spec])
        object.uid = "uid-\(name)"
        object.labels = labels
        return object
    }

    static func node(
        _ name: String, zone: String? = nil, labels: [String: String] = [:], _ spec: JSONValue = [:]
    ) -> Node {
        var labels = labels
        labels["topology.kubernetes.io/zone"] = zone
        return Node(nodeObject(name, labels: labels, spec))
    }

    static func nodes(_ nodes: Node...) -> [String: Node] {
        Dictionary(uniqueKeysWithValues: nodes.map { ($0.name, $0) })
    }
}

/// Slices as they would be in the store, changed by plans.
struct SliceShelf {
    private(set) var slices: [String: EndpointSlice] = [:]
    private var count = 0
    /// How many slices the last plan wrote or deleted.
    private(set) var writes = 0

    var sorted: [EndpointSlice] { slices.values.sorted { $0.name < $1.name } }
    var endpoints: [EndpointSlice.Endpoint] { sorted.flatMap(\.endpoints) }

    mutating func apply(_ plan: SlicePlan) {
        writes = 0
        let owner = OwnerReference(controller: APIObject(.services, name: "web"))
        for (name, content) in plan.changed(from: sorted) {
            put(content, name, owner)
        }
        for content in plan.created {
            count += 1
            put(content, "web-\(count)", owner)
        }
        for name in plan.deleted {
            slices[name] = nil
            writes += 1
        }
    }

    private mutating func put(_ content: SlicePlan.Content, _ name: String, _ owner: OwnerReference) {
        var object = content.object(ownedBy: owner, namespace: "default")
        object.name = name
        slices[name] = EndpointSlice(object)
        writes += 1
    }
}
