/// What `kubectl get services` says of a Service.
struct ServiceSummary {
    private let service: APIObject

    init(_ service: APIObject) { self.service = service }

    var type: String { service.text(at: "spec", "type") }
    var clusterIP: String { service.text(at: "spec", "clusterIP").or(Labels.none) }

    /// The addresses from outside of the cluster, `<none>`, or `<pending>`.
    var externalIP: String {
        let external = service.elements(at: "spec", "externalIPs").compactMap(\.string)
        switch type {
        case "ClusterIP", "NodePort": return external.joined(separator: ",").or(Labels.none)
        case "LoadBalancer":
            let all = Self.loadBalancerAddresses(of: service) + external
            return all.joined(separator: ",").or("<pending>")
        case "ExternalName": return service.text(at: "spec", "externalName")
        default: return "<unknown>"
        }
    }

    /// The addresses or host names that a load balancer has given to a Service or an Ingress.
    static func loadBalancerAddresses(of object: APIObject) -> [String] {
        let names = object.elements(at: "status", "loadBalancer", "ingress").map {
            $0.text(at: "ip").or($0.text(at: "hostname"))
        }
        return Set(names.filter { !$0.isEmpty }).sorted()
    }

    /// `80:30007/TCP,443/TCP`, or `<none>`.
    var ports: String {
        service.elements(at: "spec", "ports").map { port in
            let nodePort = port.number(at: "nodePort")
            let numbers = nodePort > 0 ? "\(port.number(at: "port")):\(nodePort)" : "\(port.number(at: "port"))"
            return "\(numbers)/\(port.text(at: "protocol").or("TCP"))"
        }.joined(separator: ",").or(Labels.none)
    }
}
