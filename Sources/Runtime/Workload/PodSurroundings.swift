internal import Topology

/// What programs in a pod's containers are started with, as `lab exec` has to know it.
///
/// It has a file of its own in a form that takes no decoder: fields that each end with a NUL byte, which none of them
/// can hold. The host name; then of each container its name, its working directory or nothing, the number of its
/// environment variables, and these as `NAME=value`.
struct PodSurroundings: Hashable, Sendable {
    struct Container: Hashable, Sendable {
        var name: String
        var workingDirectory: String?
        /// `NAME=value`
        var environment: [String]
    }

    var hostName: String
    var containers: [Container]

    init(_ pod: PodSpec, clusterDomain: String) {
        hostName = Self.hostName(of: pod, clusterDomain: clusterDomain)
        containers = pod.containers.map(Container.init)
    }

    /// The name that the pod's processes see. It is empty where it would be longer than the kernel takes, and the pod
    /// cannot start.
    static func hostName(of pod: PodSpec, clusterDomain: String) -> String {
        guard !pod.hostNetwork else { return String(pod.node.prefix(63)) }
        let naming = pod.naming ?? PodNaming()
        return PodHostname(naming, podName: pod.name, namespace: pod.namespace, clusterDomain: clusterDomain)
            .kernelName(naming) ?? ""
    }

    /// The file's contents.
    var encoded: [UInt8] {
        var fields = [hostName]
        for container in containers {
            fields += [container.name, container.workingDirectory ?? "", "\(container.environment.count)"]
            fields += container.environment
        }
        return fields.flatMap { Array($0.utf8) + [0] }
    }

    /// Reads a file; nil where there is none.
    static func read(_ path: String) throws(StateError) -> PodSurroundings? {
        guard let bytes = try StateFile.read(path) else { return nil }
        guard let surroundings = PodSurroundings(encoded: bytes) else {
            throw StateError(
                "understand", path, reason: "it is not as lab writes it; lab down and lab up write it anew")
        }
        return surroundings
    }

    /// Reads a file's contents; nil for any that `encoded` does not give.
    init?(encoded bytes: [UInt8]) {
        guard bytes.last == 0 else { return nil }
        var fields = bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }[...]
        guard let hostName = fields.popFirst() else { return nil }
        self.hostName = hostName
        containers = []
        while let name = fields.popFirst() {
            guard let directory = fields.popFirst(), let count = fields.popFirst().flatMap({ Int($0) }), count >= 0,
                count <= fields.count
            else { return nil }
            containers.append(
                Container(
                    name: name, workingDirectory: directory.isEmpty ? nil : directory,
                    environment: Array(fields.prefix(count))))
            fields = fields.dropFirst(count)
        }
    }
}

extension PodSurroundings.Container {
    init(_ container: ContainerSpec) {
        name = container.name
        workingDirectory = container.workingDirectory
        environment = container.environment.map { "\($0.name)=\($0.value)" }
    }
}
