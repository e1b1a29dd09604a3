import Addressing
import KubernetesModel
import Topology

/// An endpoint of a Service's port, as the EndpointSlices have it.
struct ServiceEndpoint: Hashable {
    let address: IPAddress
    let port: UInt16
    let pod: PodReference?
}

extension ClusterSnapshot {
    /// A Service by its name.
    func service(namespace: String, name: String) -> Service? {
        services.first { $0.namespace == namespace && $0.name == name }
    }

    /// The endpoints of a Service's port, whatever their conditions, each address once.
    func endpoints(of service: Service, _ port: Service.Port, _ family: AddressFamily) -> [ServiceEndpoint] {
        var found: [ServiceEndpoint] = []
        for slice in endpointSlices
        where slice.namespace == service.namespace && slice.serviceName == service.name && slice.family == family {
            for own in slice.ports where own.name == port.name && own.transport == port.transport {
                for endpoint in slice.endpoints {
                    guard let address = endpoint.address, let number = own.number else { continue }
                    let pod = endpoint.target.flatMap { target in
                        target.kind == "Pod" ? PodReference(namespace: target.namespace, name: target.name) : nil
                    }
                    let entry = ServiceEndpoint(address: address, port: number, pod: pod)
                    if !found.contains(where: { $0.address == address && $0.port == number }) { found.append(entry) }
                }
            }
        }
        return found
    }

    /// Whether the controllers have written down what pods there are: the slices of each Service that selects pods name
    /// those that there are, and whether they are ready.
    var hasCurrentEndpoints: Bool {
        services.allSatisfy { service in
            guard let selector = service.selector, service.type != .externalName else { return true }
            let pods = pods.filter { pod in
                pod.namespace == service.namespace && !pod.isTerminal && !pod.podIPs.isEmpty
                    && selector.allSatisfy { pod.labels[$0.key] == $0.value }
            }
            let own = endpointSlices.filter {
                $0.namespace == service.namespace && $0.serviceName == service.name && $0.isOfController
            }
            let named = own.flatMap(\.endpoints).compactMap { endpoint -> String? in
                endpoint.target.map { "\($0.namespace)/\($0.name) \(endpoint.isReady) \(endpoint.isTerminating)" }
            }
            let wanted = pods.map { pod in
                let isReady = service.publishesNotReadyAddresses || (pod.isReady && !pod.isTerminating)
                return "\(PodReference(pod)) \(isReady) \(pod.isTerminating)"
            }
            return Set(named) == Set(wanted)
        }
    }
}

extension EndpointSlice {
    /// Whether the endpoints controller writes it, as opposed to a manifest.
    fileprivate var isOfController: Bool { managedBy == "endpointslice-controller.k8s.io" }
}

extension Topology.Transport {
    /// The same as the API's views name it.
    var inObjects: TransportProtocol {
        switch self {
        case .tcp: .tcp
        case .udp: .udp
        case .sctp: .sctp
        }
    }
}
