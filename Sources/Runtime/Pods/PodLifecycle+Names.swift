internal import Addressing
internal import KubernetesModel
internal import Topology

extension PodLifecycle {
    /// Tells what a pod's resolver configuration does not hold of what its object asks for, as the kubelet does.
    func noteResolverLimits(of spec: PodSpec, _ object: APIObject) {
        guard let naming = spec.naming, naming.configuration != nil else { return }
        let service = store.object(LabSpec.dnsServiceKey)?.object
        let servers = (service?["spec", "clusterIPs"]?.array ?? [])
            .compactMap { $0.string.flatMap { IPAddress(ofAPI: $0) } }
        let (_, problems) = ResolverConfiguration.of(
            naming, namespace: spec.namespace, hostNetwork: spec.hostNetwork,
            cluster: ClusterResolver(domain: registry.settings.domain, nameServers: servers),
            node: ResolverConfiguration())
        for problem in problems {
            note(object, .warning, "DNSConfigForming", "Limits were exceeded: \(problem)")
        }
    }
}
