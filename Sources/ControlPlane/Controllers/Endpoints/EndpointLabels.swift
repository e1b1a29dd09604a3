import KubernetesModel

/// Labels and annotations by which endpoints are known.
enum EndpointLabels {
    static let serviceName = "kubernetes.io/service-name"
    static let managedBy = "endpointslice.kubernetes.io/managed-by"
    static let headless = "service.kubernetes.io/headless"
    static let skipMirror = "endpointslice.kubernetes.io/skip-mirror"
    static let leader = "control-plane.alpha.kubernetes.io/leader"
    static let endpointsManagedBy = "endpoints.kubernetes.io/managed-by"
    static let overCapacity = "endpoints.kubernetes.io/over-capacity"
    static let changeTime = "endpoints.kubernetes.io/last-change-trigger-time"
    static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"
    static let topologyMode = "service.kubernetes.io/topology-mode"

    static let sliceController = "endpointslice-controller.k8s.io"
    static let mirroringController = "endpointslicemirroring-controller.k8s.io"
    static let endpointsController = "endpoint-controller"

    /// The labels of a Service's slices: the Service's own and those that say whose they are.
    static func slice(of service: Service) -> [String: String] {
        var labels = service.labels
        labels[headless] = service.clusterIPs.isEmpty ? "" : nil
        labels[serviceName] = service.name
        labels[managedBy] = sliceController
        return labels
    }

    /// The labels of a Service's Endpoints.
    static func endpoints(of service: Service) -> [String: String] {
        var labels = service.labels
        labels[headless] = service.clusterIPs.isEmpty ? "" : nil
        labels[endpointsManagedBy] = endpointsController
        return labels
    }
}
