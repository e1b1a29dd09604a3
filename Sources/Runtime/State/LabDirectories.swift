internal import CLinux
internal import Glibc
public import NetworkNamespaces

/// Where labs keep what they know, and where their namespaces appear. Everything that the tool writes lies below these two.
public struct LabDirectories: Hashable, Sendable {
    /// A directory a lab below this one; /run/lab unless the environment's LAB_STATE_ROOT says otherwise.
    public let stateRoot: String
    /// Network namespaces by name; /run/netns unless the environment's LAB_NETNS_ROOT says otherwise.
    public let namespaces: NamespaceDirectory

    /// Names the two directories; nothing is touched.
    public init(stateRoot: String, namespaceRoot: String) {
        self.stateRoot = stateRoot
        self.namespaces = NamespaceDirectory(path: namespaceRoot)
    }

    /// The directories that the environment names, or the usual ones.
    public static func fromEnvironment() -> LabDirectories {
        func value(_ name: String, else usual: String) -> String {
            guard let pointer = getenv(name) else { return usual }
            let text = String(cString: pointer)
            return text.isEmpty ? usual : text
        }
        return LabDirectories(
            stateRoot: value("LAB_STATE_ROOT", else: "/run/lab"),
            namespaceRoot: value("LAB_NETNS_ROOT", else: "/run/netns"))
    }

    /// The directory of one lab.
    public func lab(_ name: String) -> LabDirectory {
        LabDirectory(path: "\(stateRoot)/\(name)", lab: name)
    }

    /// The labs that have left something to remove, in order of their names.
    public func labs() -> [String] {
        let names = (try? StateFile.names(in: stateRoot)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }
}

/// The state directory of one lab (mode 0700).
public struct LabDirectory: Hashable, Sendable {
    /// The directory's path.
    public let path: String
    /// The lab's name.
    public let lab: String

    /// What has been created or is about to be.
    var journal: String { "\(path)/journal" }
    /// Held by the supervisor, or by whoever takes the lab down.
    var lock: String { "\(path)/lock" }
    /// The spec that the lab was last built to, whole.
    public var appliedSpec: String { "\(path)/applied.json" }
    /// The spec that is being built to, behind those of earlier runs that did not finish; its presence says that a run
    /// has not.
    var targetSpecs: String { "\(path)/targets.json" }
    /// The supervisor's Unix socket.
    public var controlSocket: String { "\(path)/control.sock" }
    /// The supervisor's log.
    public var supervisorLog: String { "\(path)/supervisor.log" }
    /// What programs on nodes and outside hosts see as /etc/hosts.
    var hosts: String { "\(path)/hosts" }
    /// What programs on nodes and outside hosts see as /etc/resolv.conf.
    var resolverConfiguration: String { "\(path)/resolv.conf" }
    /// Files of pods, by namespace and name.
    var pods: String { "\(path)/pods" }

    /// The objects of the API, a SQLite database.
    var objects: String { "\(path)/objects.sqlite" }
    /// All files of that database.
    var objectFiles: [String] { ["", "-wal", "-shm"].map { objects + $0 } }
    /// The API server's certificates and tokens.
    var credentials: String { "\(path)/credentials" }
    /// The port of this host's loopback on which the API server listens.
    var apiPort: String { "\(path)/api.port" }
    /// The API server's Unix socket, for the command line.
    public var apiSocket: String { "\(path)/api.sock" }
    /// A kubeconfig for programs on this host.
    public var kubeconfig: String { "\(path)/kubeconfig" }
    /// A kubeconfig for programs on nodes and outside hosts.
    public var nodeKubeconfig: String { "\(path)/kubeconfig-node" }
    /// The files by which pods of a namespace find the API.
    func serviceAccount(namespace: String) -> String { "\(path)/serviceaccounts/\(namespace)" }

    /// Files of one pod: hosts, resolv.conf, what programs in its containers are started with.
    public func pod(namespace: String, name: String) -> PodDirectory {
        PodDirectory(path: "\(pods)/\(namespace).\(name)")
    }

    /// Creates the directory and those above it.
    func create() throws(StateError) {
        try StateFile.createDirectory(path)
    }

    /// Removes the directory and all in it, for the holder of the lock. The lock's file goes last: whoever takes the
    /// lock anew after that begins a lab of their own, and keeps the directory.
    func remove() throws(StateError) {
        for name in try StateFile.names(in: path) where !lock.hasSuffix("/\(name)") {
            try StateFile.removeTree("\(path)/\(name)")
        }
        try StateFile.remove(lock)
        // Fails where the next lab of this name has begun; then it is that one's.
        _ = lab_kernel_request()
        rmdir(path)
    }
}

/// The files of one pod.
public struct PodDirectory: Hashable, Sendable {
    /// The directory's path.
    public let path: String

    /// What programs in the pod's containers are started with.
    public var containers: String { "\(path)/containers" }
    /// What the pod's processes see as /etc/hosts.
    public var hosts: String { "\(path)/hosts" }
    /// What the pod's processes see as /etc/resolv.conf.
    public var resolverConfiguration: String { "\(path)/resolv.conf" }
    /// A container's standard output and error.
    public func log(container: String) -> String { "\(path)/\(container).log" }
    /// The process of a container, as JSON.
    public func process(container: String) -> String { "\(path)/\(container)\(Self.processSuffix)" }
    static let processSuffix = ".process"
    /// What the pod's processes see as /run.
    var run: String { "\(path)/run" }
    /// Where the pod's own directory shows in its /run: programs find their files under the same path there.
    var ownPlaceInRun: String { path.hasPrefix("/run/") ? run + path.dropFirst("/run".count) : "\(run)/lab" }
    /// A container's output before it was last started again.
    func previousLog(container: String) -> String { "\(path)/\(container).previous.log" }
    /// A directory for a container's own files.
    func scratch(container: String) -> String { "\(path)/\(container).d" }
}
