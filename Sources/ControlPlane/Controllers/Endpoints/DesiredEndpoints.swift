import Addressing
import KubernetesModel

/// Who should answer for a Service, from the pods that its selector means.
struct DesiredEndpoints {
    /// The endpoints of one family by the ports that they have.
    struct Group {
        let ports: [EndpointSlice.Port]
        var endpoints: [EndpointSlice.Endpoint]
    }

    /// The groups of one family, in the order of the pods.
    let groups: [Group]

    /// Works out the endpoints of one family.
    ///
    /// - Parameters:
    ///   - pods: the pods that the Service selects.
    ///   - nodes: the nodes. A pod whose node is not known is left out, unless the Service publishes all.
    init(of service: Service, _ family: AddressFamily, pods: [Pod], nodes: [String: Node]) {
        var groups: [Group] = []
        var places: [Set<EndpointSlice.Port>: Int] = [:]
        for pod in pods where !pod.isTerminal {
            let node = pod.nodeName.flatMap { nodes[$0] }
            guard node != nil || service.publishesNotReadyAddresses else { continue }
            let addresses = pod.podIPs.filter { $0.family == family }
            guard !addresses.isEmpty else { continue }
            let ports = Self.ports(of: service, on: pod)
            let endpoint = Self.endpoint(pod, addresses, node, of: service)
            let place = places[Set(ports), default: groups.count]
            if place == groups.count {
                places[Set(ports)] = place
                groups.append(Group(ports: ports, endpoints: []))
            }
            groups[place].endpoints.append(endpoint)
        }
        self.groups = groups
    }

    /// The ports of a Service as a pod has them; a named one that it does not have is left out.
    static func ports(of service: Service, on pod: Pod) -> [EndpointSlice.Port] {
        service.ports.compactMap { port in
            pod.number(of: port.targetPort, port.transport).map {
                EndpointSlice.Port(
                    name: port.name, transport: port.transport, number: $0, appProtocol: port.appProtocol)
            }
        }
    }

    private static func endpoint(
        _ pod: Pod, _ addresses: [IPAddress], _ node: Node?, of service: Service
    ) -> EndpointSlice.Endpoint {
        var endpoint = EndpointSlice.Endpoint(
            addresses: addresses.map(\.description),
            ready: service.publishesNotReadyAddresses || (pod.isReady && !pod.isTerminating),
            serving: pod.isReady, terminating: pod.isTerminating)
        endpoint.nodeName = pod.nodeName
        endpoint.zone = node?.zone
        endpoint.target = EndpointSlice.TargetReference(pod)
        endpoint.hostname = hostname(of: pod, in: service)
        return endpoint
    }

    /// The name of its own that a pod has in the DNS of a Service of which it is a subdomain.
    static func hostname(of pod: Pod, in service: Service) -> String? {
        pod.subdomain == service.name && pod.namespace == service.namespace ? pod.hostname : nil
    }
}
