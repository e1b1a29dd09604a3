internal import Glibc
internal import Topology

extension ProcessRequest {
    /// The search path of programs where a container sets none.
    static let usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    /// This process' environment, as `NAME=value`.
    public static var ownEnvironment: [String] {
        var variables: [String] = []
        var next = environ
        while let variable = next.pointee {
            variables.append(String(cString: variable))
            next += 1
        }
        return variables
    }

    /// A program in a container of a pod, with the pod's files, host name and environment.
    init(
        arguments: [String], pod: PodSpec, hostName: String, container: ContainerSpec, lab: String,
        directory: LabDirectory, directories: LabDirectories
    ) {
        self.init(
            arguments: arguments, hostName: hostName,
            container: PodSurroundings.Container(container),
            networkNamespace: directories.namespaces.path(
                of: RuntimeName.pod(namespace: pod.namespace, name: pod.name, lab: lab)),
            files: directory.pod(namespace: pod.namespace, name: pod.name), directories: directories)
    }

    /// The same from what a pod's files say.
    init(
        arguments: [String], hostName: String, container: PodSurroundings.Container, networkNamespace: String,
        files: PodDirectory, directories: LabDirectories
    ) {
        self.init(
            arguments: arguments,
            environment: ["PATH=\(Self.usualPath)", "HOME=/root", "HOSTNAME=\(hostName)"] + container.environment,
            workingDirectory: container.workingDirectory,
            networkNamespace: networkNamespace,
            hostName: hostName,
            binds: [
                Bind(source: files.hosts, target: "/etc/hosts"),
                Bind(source: files.resolverConfiguration, target: "/etc/resolv.conf"),
                // The last two: the state directory itself may be below /run, and then the pod's part of it shows there.
                Bind(source: files.path, target: files.ownPlaceInRun),
                Bind(source: files.run, target: "/run"),
            ],
            namespaceDirectory: directories.namespaces.path)
    }
}
