internal import Addressing
internal import Topology

/// The environment variables by which programs find the API, as the kubelet sets them in every container.
enum APIEnvironment {
    /// The variables of a cluster whose Service `kubernetes` has an address and port.
    static func variables(address: String, port: String) -> [EnvironmentVariable] {
        let host = address.contains(":") ? "[\(address)]" : address
        return [
            ("KUBERNETES_SERVICE_HOST", address), ("KUBERNETES_SERVICE_PORT", port),
            ("KUBERNETES_SERVICE_PORT_HTTPS", port), ("KUBERNETES_PORT", "tcp://\(host):\(port)"),
            ("KUBERNETES_PORT_\(port)_TCP", "tcp://\(host):\(port)"),
            ("KUBERNETES_PORT_\(port)_TCP_PROTO", "tcp"), ("KUBERNETES_PORT_\(port)_TCP_PORT", port),
            ("KUBERNETES_PORT_\(port)_TCP_ADDR", address),
        ].map { EnvironmentVariable(name: $0.0, value: $0.1) }
    }
}

extension LabSpec {
    /// The spec as a lab file says it, without the variables that `tellingPodsOfAPI()` adds: a spec that a lab was built
    /// to may come back as a request.
    func forgettingAPI() -> LabSpec {
        guard let address = cluster.serviceCIDR.first?.address(at: 1) else { return self }
        let variables = Set(APIEnvironment.variables(address: address.description, port: "443"))
        var spec = self
        for pod in spec.pods.indices where !spec.pods[pod].isFromAPI {
            for container in spec.pods[pod].containers.indices {
                spec.pods[pod].containers[container].environment.removeAll(where: variables.contains)
            }
        }
        return spec
    }

    /// The spec with these variables in every container of the lab file's pods that does not set them.
    func tellingPodsOfAPI() -> LabSpec {
        guard let address = cluster.serviceCIDR.first?.address(at: 1) else { return self }
        let variables = APIEnvironment.variables(address: address.description, port: "443")
        var spec = self
        for pod in spec.pods.indices where !spec.pods[pod].isFromAPI {
            for container in spec.pods[pod].containers.indices {
                let own = spec.pods[pod].containers[container].environment
                let names = Set(own.map(\.name))
                spec.pods[pod].containers[container].environment =
                    variables.filter { !names.contains($0.name) } + own
            }
        }
        return spec
    }
}

extension PodSpec {
    /// The pod with its addresses in variables that ask for them.
    func fillingInAddresses() -> PodSpec {
        let first = address.first?.description ?? ""
        let all = address.map(\.description).joined(separator: ",")
        var pod = self
        for container in pod.containers.indices {
            for variable in pod.containers[container].environment.indices {
                let value = pod.containers[container].environment[variable].value
                guard value.contains("\u{1}") else { continue }
                pod.containers[container].environment[variable].value =
                    value.split(separator: "\u{1}", omittingEmptySubsequences: false).map {
                        switch $0 {
                        case "podIP": first
                        case "podIPs": all
                        default: String($0)
                        }
                    }.joined()
            }
        }
        return pod
    }
}
