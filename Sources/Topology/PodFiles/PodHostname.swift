/// The names of a pod itself, as the kubelet makes them of its object.
public struct PodHostname: Hashable, Sendable {
    /// The short name.
    public let name: String
    /// The domain that the pod's `subdomain` gives it, or nil.
    public let domain: String?

    /// The most bytes of a host name of the kernel (uts_namespaces(7), HOST_NAME_MAX).
    public static let longest = 64

    /// - Parameters:
    ///   - podName: the name of the object. The kubelet cuts it to 63 bytes, and leaves no dot or dash at the end.
    ///   - clusterDomain: the cluster's domain, such as `cluster.local`.
    public init(_ naming: PodNaming, podName: String, namespace: String, clusterDomain: String) {
        if let hostname = naming.hostname {
            name = hostname
        } else {
            var name = podName.prefix(63)
            while let last = name.last, last == "-" || last == "." { name.removeLast() }
            self.name = String(name)
        }
        domain = naming.subdomain.map { "\($0).\(namespace).svc.\(clusterDomain)" }
    }

    /// The full name, or nil for a pod without a subdomain.
    public var fullName: String? { domain.map { "\(name).\($0)" } }

    /// What the pod's processes see as the host name; nil where it is longer than the kernel takes, and the pod cannot
    /// start.
    public func kernelName(_ naming: PodNaming) -> String? {
        guard naming.usesFullHostname, let fullName else { return name }
        return fullName.utf8.count <= Self.longest ? fullName : nil
    }
}
