public import Addressing
public import KubernetesModel

extension LabSpec {
    /// The key of the Service that pods reach the cluster's DNS through.
    public static let dnsServiceKey = ObjectKey(.services, namespace: "kube-system", name: "kube-dns")
    /// The pod behind it.
    public static let dnsPodKey = ObjectKey(.pods, namespace: "kube-system", name: "cluster-dns")
    /// The image of the lab's own DNS server; behind a slash the name of another one.
    public static let dnsImage = "clusterdns"
    private static let dnsLabels = ["k8s-app": "kube-dns"]

    /// The addresses that pods ask for names; none in a cluster without DNS. A manifest may bring the Service itself.
    public var nameServers: [IPAddress] {
        guard let service = manifestDNSService else { return components.dns == nil ? [] : dns.clusterIP }
        let one = [service["spec", "clusterIP"]?.string].compactMap(\.self)
        let all = (service["spec", "clusterIPs"]?.array ?? []).compactMap(\.string)
        let addresses = (all.isEmpty ? one : all).compactMap { IPAddress($0) }
        return addresses.isEmpty ? dns.clusterIP : addresses
    }

    private var manifestDNSService: APIObject? {
        objects.first {
            $0.kind == "Service" && $0.namespace == Self.dnsServiceKey.namespace && $0.name == Self.dnsServiceKey.name
        }
    }

    /// The Service `kube-dns`; nil in a cluster without DNS, and where a manifest brings it.
    public var dnsService: APIObject? {
        guard components.dns != nil, !nodes.isEmpty, !dns.clusterIP.isEmpty, manifestDNSService == nil else {
            return nil
        }
        let key = Self.dnsServiceKey
        var service = APIObject(.services, namespace: key.namespace, name: key.name)
        service.labels = Self.dnsLabels.merging(["kubernetes.io/cluster-service": "true"]) { $1 }
        service["spec"] = [
            "type": "ClusterIP", "clusterIP": .string(dns.clusterIP[0].description),
            "clusterIPs": .array(dns.clusterIP.map { .string($0.description) }),
            "ipFamilies": .array(dns.clusterIP.map { .string($0.family.description) }),
            "ipFamilyPolicy": dns.clusterIP.count > 1 ? "RequireDualStack" : "SingleStack",
            "selector": .object(Self.dnsLabels.mapValues { .string($0) }),
            "ports": [
                ["name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53],
                ["name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53],
            ],
        ]
        return service
    }

    /// The lab with the pod of its DNS, where it has one.
    ///
    /// - Parameter file: the lab file, for the message.
    /// - Throws: `LabFileError` where no node has room for it.
    public func addingClusterDNS(file: String?) throws(LabFileError) -> LabSpec {
        guard components.dns != nil, !nodes.isEmpty else { return self }
        guard let pod = dnsPod() else {
            throw LabFileError(
                Diagnostic(
                    file: file, keyPath: "components.dns",
                    message: "no node has a free address for the pod of the cluster's DNS",
                    remedy: "give a node a larger pod-cidr, or write dns = \"none\""))
        }
        guard !pods.contains(where: { $0.qualifiedName == pod.qualifiedName }) else { return self }
        var spec = self
        spec.pods.append(pod)
        return spec
    }

    /// The pod of the cluster's DNS: the one that the lab has, or where it would be. Nil where it is nowhere, for want of
    /// room or because the lab has no DNS.
    ///
    /// Its address is high in its node's range: those of other pods are taken from the low end, and stay as they are.
    public func dnsPod() -> PodSpec? {
        guard let kind = components.dns else { return nil }
        let key = Self.dnsPodKey
        if let pod = pods.first(where: { $0.namespace == key.namespace && $0.name == key.name }) { return pod }
        let taken = Set(pods.flatMap(\.address))
        for node in nodes where pods.count(where: { $0.node == node.name }) < SpecValidation.maximumBridgePorts {
            let addresses = node.podCIDR.compactMap { Self.highAddress(in: $0, besides: taken) }
            guard !addresses.isEmpty, addresses.count == node.podCIDR.count else { continue }
            var naming = PodNaming()
            // A server that asked itself about what it does not know would not come to an end.
            naming.policy = .default
            return PodSpec(
                namespace: key.namespace, name: key.name, node: node.name, address: addresses, labels: Self.dnsLabels,
                containers: [
                    ContainerSpec(
                        name: "dns", image: kind == .builtin ? Self.dnsImage : "\(Self.dnsImage)/\(kind.rawValue)",
                        ports: [
                            ContainerPort(name: "dns", containerPort: 53, transport: .udp),
                            ContainerPort(name: "dns-tcp", containerPort: 53),
                        ])
                ], naming: naming)
        }
        return nil
    }

    private static func highAddress(in range: CIDR, besides taken: Set<IPAddress>) -> IPAddress? {
        var offset = min(254, range.lastUsableOffset)
        // The first address is the gateway's.
        while offset > 1 {
            if let address = range.address(at: offset), !taken.contains(address) { return address }
            offset -= 1
        }
        return nil
    }
}
