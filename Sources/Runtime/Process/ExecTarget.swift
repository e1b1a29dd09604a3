internal import Glibc
internal import NetworkNamespaces
internal import Topology

/// Where `lab exec` runs a program.
public enum ExecTarget: Hashable, Sendable {
    case pod(namespace: String, name: String, container: String?)
    case node(String)
    case host(String)

    /// Reads `NAME`, `pod/NAME`, `node/NAME` or `host/NAME`.
    ///
    /// - Throws: `ExecError` for anything that is no name: a name becomes part of a path.
    public init(_ text: String, namespace: String, container: String?) throws(ExecError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count), let name = parts.last, NameRule.subdomain.permits(name),
            NameRule.label.permits(namespace), container.map(NameRule.label.permits) ?? true
        else { throw ExecError("'\(text)' is neither a pod's name nor node/NAME or host/NAME") }
        switch parts.count == 1 ? "pod" : parts[0] {
        case "pod", "pods", "po": self = .pod(namespace: namespace, name: name, container: container)
        case "node", "nodes", "no": self = .node(name)
        case "host", "hosts": self = .host(name)
        case let kind:
            throw ExecError("there is nothing to enter in a '\(kind)'; use a pod's name, node/NAME or host/NAME")
        }
    }

    /// The program in this place.
    ///
    /// - Throws: `ExecError` where the lab has no such pod, container, node or host.
    public func request(
        _ command: [String], directory: LabDirectory, directories: LabDirectories
    ) throws -> ProcessRequest {
        switch self {
        case .pod(let namespace, let name, let container):
            return try Self.pod(namespace, name, container, command, directory, directories)
        case .node(let name):
            return try Self.machine(
                "node", name, RuntimeName.node(name, lab: directory.lab), command, directory, directories)
        case .host(let name):
            return try Self.machine(
                "host", name, RuntimeName.host(name, lab: directory.lab), command, directory, directories)
        }
    }

    private static func pod(
        _ namespace: String, _ name: String, _ container: String?, _ command: [String], _ directory: LabDirectory,
        _ directories: LabDirectories
    ) throws -> ProcessRequest {
        let files = directory.pod(namespace: namespace, name: name)
        guard let pod = try PodSurroundings.read(files.containers) else {
            let hint =
                directories.namespaces.exists(RuntimeName.node(name, lab: directory.lab))
                ? "; did you mean node/\(name)?" : ""
            throw ExecError("lab \(directory.lab) has no pod '\(name)' in namespace '\(namespace)'\(hint)")
        }
        let names = pod.containers.map(\.name)
        guard let spec = container.map({ wanted in pod.containers.first { $0.name == wanted } }) ?? pod.containers.first
        else {
            throw ExecError(
                "pod '\(name)' has no container '\(container ?? "")'; it has \(names.joined(separator: ", "))")
        }
        var request = ProcessRequest(
            arguments: command, hostName: pod.hostName, container: spec,
            networkNamespace: directories.namespaces.path(
                of: RuntimeName.pod(namespace: namespace, name: name, lab: directory.lab)),
            files: files, directories: directories)
        try ServiceAccountFiles.prepare(files, namespace: namespace, directory)
        request.join = ProcessRecord.living(at: files.process(container: spec.name))?.pid
        request.environment += terminalEnvironment
        return request
    }

    private static func machine(
        _ kind: String, _ name: String, _ namespace: String, _ command: [String], _ directory: LabDirectory,
        _ directories: LabDirectories
    ) throws -> ProcessRequest {
        guard directories.namespaces.exists(namespace) else {
            throw ExecError("lab \(directory.lab) has no \(kind) '\(name)'; lab status lists what it has")
        }
        return ProcessRequest(
            arguments: command,
            environment: ["PATH=\(ProcessRequest.usualPath)", "HOME=/root", "HOSTNAME=\(name)"] + terminalEnvironment,
            networkNamespace: directories.namespaces.path(of: namespace), hostName: name,
            binds: [
                ProcessRequest.Bind(source: directory.hosts, target: "/etc/hosts"),
                ProcessRequest.Bind(source: directory.resolverConfiguration, target: "/etc/resolv.conf"),
            ],
            namespaceDirectory: directories.namespaces.path)
    }

    /// What a program needs of the caller's terminal.
    private static var terminalEnvironment: [String] {
        let names = ["TERM", "COLORTERM", "LANG", "LC_ALL"]
        return names.compactMap { (name: String) -> String? in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
    }
}

/// Why there is nothing to run a program in.
public struct ExecError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sentence for the user.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
