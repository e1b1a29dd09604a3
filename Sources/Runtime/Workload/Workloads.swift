internal import Addressing
internal import CLinux
internal import ClusterDNS
internal import Components
internal import Glibc
internal import Logging
internal import NetworkNamespaces
internal import Topology

/// The containers of a lab's pods: processes in the pods' namespaces, and the built-in server's sockets there.
actor Workloads {
    enum Running {
        case process(ProcessRecord)
        case server([ServedListener])
        case resolver(DNSServer)
        case stopped(ContainerState)
    }

    struct Container {
        let pod: PodSpec
        let spec: ContainerSpec
        var running: Running
    }

    let lab: String
    private let directory: LabDirectory
    private let directories: LabDirectories
    let builder: Builder
    let server: BuiltinServer
    private let watcher: ProcessWatcher
    let logger: Logger
    var containers: [ContainerKey: Container] = [:]
    /// The streams of containers that clients can talk to.
    private var consoles: [ContainerKey: ContainerConsole] = [:]
    /// Reads their output, once there is one.
    private var pump: OutputPump?
    /// Those who wait for a container's process to end.
    private var waiting: [ContainerKey: [CheckedContinuation<Void, Never>]] = [:]
    /// Containers that were started ahead of the lab they belong to.
    var early: Set<ContainerKey> = []
    /// Told of every container that has ended by itself.
    var observer: (@Sendable (ContainerKey) -> Void)?
    /// What the containers of the cluster's DNS answer from.
    var nameServers: NameServers?

    init(
        directory: LabDirectory, directories: LabDirectories, builder: Builder, server: BuiltinServer,
        watcher: ProcessWatcher, logger: Logger
    ) {
        self.lab = directory.lab
        self.directory = directory
        self.directories = directories
        self.builder = builder
        self.server = server
        self.logger = logger
        self.watcher = watcher
    }

    /// Has `observer` told of every container that has ended by itself.
    func observe(_ observer: @escaping @Sendable (ContainerKey) -> Void) {
        self.observer = observer
    }

    /// What a container is doing, or nil where it was never started.
    func state(of key: ContainerKey) -> ContainerState? {
        containers[key].map { Self.state(of: $0) }
    }

    /// The streams of a running container that has an input or a terminal.
    func console(of key: ContainerKey) -> ContainerConsole? { consoles[key] }

    static func state(of container: Container) -> ContainerState {
        switch container.running {
        case .process(let record): .running(process: record.pid)
        case .server(let listeners): .serving(sockets: listeners.count)
        case .resolver: .serving(sockets: 2 * container.pod.address.count)
        case .stopped(let state): state
        }
    }

    /// What every container is doing.
    func statuses() -> [ContainerStatus] {
        containers.map { key, container in
            ContainerStatus(key: key, image: container.spec.image, state: Self.state(of: container))
        }
    }

    /// Ends containers that a supervisor started in these namespaces and was killed before it could record: they would
    /// run twice.
    func endUnrecorded(in namespaces: [String]) {
        let identities = namespaces.compactMap { NamespaceIdentity(path: directories.namespaces.path(of: $0)) }
        do {
            let recorded = Set(try ProcessRecord.all(in: directory).map(\.pid))
            for process in NamespaceProcesses.find(in: Set(identities)) where !recorded.contains(process) {
                if getsid(process) == process, NamespaceProcesses.environment(of: process).contains(containerMark) {
                    _ = lab_kernel_request()
                    kill(-process, SIGKILL)
                }
            }
        } catch {
            logger.error("cannot look for containers of an earlier supervisor: \(error)")
        }
    }

    /// What containers' processes have in their environment.
    private var containerMark: String { "LAB_CONTAINER=\(lab)" }

    /// Makes exactly the containers of these pods run. What runs already stays; what has ended is started again, but for
    /// the pods, `namespace/name`, that have ended for good.
    func converge(to pods: [PodSpec], finished: Set<String> = []) async {
        early = []
        let wanted = Dictionary(pods.map { ($0.qualifiedName, $0) }) { first, _ in first }
        await stop { container in !(wanted[container.pod.qualifiedName]?.runs(like: container.pod) ?? false) }
        // Whether a container of an API object is started again is its restartPolicy's to say.
        for pod in pods where finished.contains(pod.qualifiedName) {
            for spec in pod.containers where containers[ContainerKey(pod, spec)] == nil {
                containers[ContainerKey(pod, spec)] = Container(
                    pod: pod, spec: spec, running: .stopped(.terminated(exitStatus: nil)))
            }
        }
        await add(
            pods.filter { !finished.contains($0.qualifiedName) && (!$0.isFromAPI || !hasContainers($0)) })
    }

    /// Has the built-in server serve in pods of a lab file that have a network, be it one that no packet passes yet.
    /// Programs are left to `converge(to:)`, and so is what cannot be served now.
    func startServers(of pods: [PodSpec]) async {
        var requests: [(PodSpec, ContainerSpec)] = []
        for pod in pods where !pod.isFromAPI {
            let files = directory.pod(namespace: pod.namespace, name: pod.name)
            for spec in pod.containers where !isRunning(ContainerKey(pod, spec)) && spec.isForBuiltinServer {
                guard ProcessRecord.living(at: files.process(container: spec.name)) == nil else { continue }
                requests.append((pod, spec))
            }
        }
        await serve(requests, isEarly: true)
    }

    /// Ends what was started ahead of a lab that could not be built.
    func withdrawServers() async {
        let keys = early
        early = []
        for key in keys { await terminate(key, grace: 0) }
    }

    private func hasContainers(_ pod: PodSpec) -> Bool {
        pod.containers.contains { containers[ContainerKey(pod, $0)] != nil }
    }

    /// Starts those containers of pods that do not run.
    func add(_ pods: [PodSpec]) async {
        var requests: [(PodSpec, ContainerSpec)] = []
        for pod in pods {
            for spec in pod.containers where !isRunning(ContainerKey(pod, spec)) { requests.append((pod, spec)) }
        }
        await start(requests)
    }

    /// Ends one container, gently first, and starts it again in its pod.
    func restart(_ pod: PodSpec, container name: String, grace seconds: Int64 = 0) async {
        guard let spec = pod.containers.first(where: { $0.name == name }) else { return }
        await terminate(ContainerKey(pod, spec), grace: seconds)
        await start([(pod, spec)])
    }

    /// Ends a pod's containers: SIGTERM, and SIGKILL after the grace period. Returns when none of them runs.
    func terminate(pod name: String, grace seconds: Int64) async {
        let keys = containers.filter { $0.value.pod.qualifiedName == name }.keys
        await withDiscardingTaskGroup { group in
            for key in keys { group.addTask { await self.terminate(key, grace: seconds) } }
        }
    }

    /// Ends one container of a pod.
    func terminate(pod: PodSpec, container name: String, grace seconds: Int64) async {
        guard let spec = pod.containers.first(where: { $0.name == name }) else { return }
        await terminate(ContainerKey(pod, spec), grace: seconds)
    }

    private func terminate(_ key: ContainerKey, grace seconds: Int64) async {
        switch containers[key]?.running {
        case .server(let listeners):
            containers[key]?.running = .stopped(.terminated(exitStatus: 0))
            for listener in listeners { await listener.close() }
        case .resolver(let server):
            containers[key]?.running = .stopped(.terminated(exitStatus: 0))
            await server.close()
        case .process(let record) where record.isAlive:
            if seconds > 0, record.signal(SIGTERM) {
                let killing = Task {
                    try await Task.sleep(for: .seconds(seconds))
                    _ = record.signal(SIGKILL)
                }
                await end(of: key)
                killing.cancel()
            } else if record.signal(SIGKILL) {
                await end(of: key)
            }
        case .process, .stopped, nil: break
        }
        containers[key] = nil
        try? StateFile.remove(
            directory.pod(namespace: key.namespace, name: key.pod).process(container: key.container))
    }

    /// Waits until a container's process has ended and its end was seen.
    private func end(of key: ContainerKey) async {
        guard case .process = containers[key]?.running else { return }
        await withCheckedContinuation { waiting[key, default: []].append($0) }
    }

    /// Stops the containers of pods whose network is about to be replaced or removed.
    func stop(pods names: Set<String>) async {
        await stop { names.contains($0.pod.qualifiedName) }
    }

    func stop(where matches: (Container) -> Bool) async {
        let stopping = containers.filter { matches($0.value) }
        for key in stopping.keys { containers[key] = nil }
        for (key, container) in stopping {
            switch container.running {
            case .process(let record): record.end()
            case .server(let listeners): for listener in listeners { await listener.close() }
            case .resolver(let server): await server.close()
            case .stopped: break
            }
            let files = directory.pod(namespace: key.namespace, name: key.pod)
            try? StateFile.remove(files.process(container: key.container))
        }
    }

    func isRunning(_ key: ContainerKey) -> Bool {
        switch containers[key]?.running {
        case .process(let record): record.isAlive
        case .server, .resolver: true
        case .stopped, nil: false
        }
    }

    private func start(_ requests: [(PodSpec, ContainerSpec)]) async {
        var served: [(PodSpec, ContainerSpec)] = []
        for (pod, spec) in requests {
            let key = ContainerKey(pod, spec)
            do {
                let files = directory.pod(namespace: pod.namespace, name: pod.name)
                if spec.isInteractive, try endUnheard(key, pod, spec, files) { continue }
                if let record = ProcessRecord.living(at: files.process(container: spec.name)) {
                    guard !record.pod.runs(like: pod) else {
                        adopt(record, key, pod, spec)
                        if spec.isClusterDNS { await adoptNameServer(pod, spec, files) }
                        continue
                    }
                    record.end()
                }
                switch try spec.resolve(scratch: files.scratch(container: spec.name)) {
                case .builtinServer: served.append((pod, spec))
                case .clusterDNS: try await answerNames(key, pod, spec, files)
                case .program(let command): try spawn(command, key, pod, spec, files)
                }
            } catch {
                refuse(error, key, pod, spec)
            }
        }
        await serve(served)
    }

    func refuse(_ error: any Error, _ key: ContainerKey, _ pod: PodSpec, _ spec: ContainerSpec) {
        let waiting =
            error as? ContainerWaiting
            ?? ContainerWaiting(
                reason: (error as? ProcessError)?.isProgram == true ? "RunContainerError" : "CreateContainerError",
                message: "\(error)")
        logger.warning("\(pod.qualifiedName) \(spec.name): \(waiting.reason): \(waiting.message)")
        containers[key] = Container(
            pod: pod, spec: spec, running: .stopped(.waiting(reason: waiting.reason, message: waiting.message)))
    }

    // MARK: Processes

    func spawn(
        _ command: [String], _ key: ContainerKey, _ pod: PodSpec, _ spec: ContainerSpec, _ files: PodDirectory
    ) throws {
        let log = files.log(container: spec.name)
        _ = lab_kernel_request()
        // Clients ask for the output of the run before the last one.
        rename(log, files.previousLog(container: spec.name))
        try ServiceAccountFiles.prepare(files, namespace: pod.namespace, directory)
        var request = ProcessRequest(
            arguments: command, pod: pod, hostName: try hostName(of: pod, files), container: spec, lab: lab,
            directory: directory, directories: directories)
        request.environment.append(containerMark)
        let (process, console) = try spec.isInteractive ? interact(request, spec, log) : (spawn(request, log), nil)
        consoles[key] = console
        guard let record = ProcessRecord(pid: process.pid, of: pod) else {
            // It has ended already; the watcher tells how.
            containers[key] = Container(pod: pod, spec: spec, running: .stopped(.terminated(exitStatus: nil)))
            watch(process.pidfd, key, pid: process.pid, console)
            return
        }
        try StateFile.replace(files.process(container: spec.name), json: record)
        containers[key] = Container(pod: pod, spec: spec, running: .process(record))
        watch(process.pidfd, key, pid: process.pid, console)
    }

    /// What the pod's files say that its host name is.
    private func hostName(of pod: PodSpec, _ files: PodDirectory) throws -> String {
        guard let name = try PodSurroundings.read(files.containers)?.hostName else { return pod.name }
        guard !name.isEmpty else {
            throw ContainerWaiting(
                reason: "CreateContainerError",
                message: "the pod's full name is longer than the \(PodHostname.longest) bytes that a host name has; "
                    + "shorten it, or leave setHostnameAsFQDN out")
        }
        return name
    }

    /// Starts a program whose output goes straight to its log, so that it can outlive this process.
    private func spawn(_ request: ProcessRequest, _ log: String) throws -> StartedProcess {
        let output = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw StateError("open", log, errno: errno) }
        defer { close(output) }
        return try request.spawn(output: output, error: output)
    }

    /// Starts a program that clients can talk to.
    private func interact(
        _ request: ProcessRequest, _ spec: ContainerSpec, _ log: String
    ) throws -> (StartedProcess, ContainerConsole?) {
        let pump = try self.pump ?? OutputPump()
        self.pump = pump
        return try ContainerConsole.start(request, of: spec, log: log, pump: pump)
    }

    /// Takes a program that clients could talk to through an earlier supervisor for ended: nobody hears it any more.
    ///
    /// - Returns: whether there was one, and its restartPolicy has to say what comes of it.
    private func endUnheard(
        _ key: ContainerKey, _ pod: PodSpec, _ spec: ContainerSpec, _ files: PodDirectory
    ) throws -> Bool {
        let path = files.process(container: spec.name)
        guard containers[key] == nil, let record = try StateFile.read(ProcessRecord.self, json: path) else {
            return false
        }
        record.end()
        try StateFile.remove(path)
        guard pod.isFromAPI, record.pod.runs(like: pod) else { return false }
        containers[key] = Container(pod: pod, spec: spec, running: .stopped(.terminated(exitStatus: nil)))
        return true
    }

    /// Takes over a process that an earlier supervisor started.
    private func adopt(_ record: ProcessRecord, _ key: ContainerKey, _ pod: PodSpec, _ spec: ContainerSpec) {
        containers[key] = Container(pod: pod, spec: spec, running: .process(record))
        let pidfd = lab_pidfd_open(record.pid)
        if pidfd >= 0 { watch(pidfd, key, pid: record.pid) }
    }

    private func watch(_ pidfd: Int32, _ key: ContainerKey, pid: Int32, _ console: ContainerConsole? = nil) {
        watcher.watch(pidfd: pidfd) { status in
            // The log is whole before anybody learns of the end.
            console?.finish()
            Task { await self.ended(key, pid: pid, status: status, console) }
        }
    }

    private func ended(_ key: ContainerKey, pid: Int32, status: Int32?, _ console: ContainerConsole?) {
        if let console, consoles[key] === console { consoles[key] = nil }
        for continuation in waiting.removeValue(forKey: key) ?? [] { continuation.resume() }
        switch containers[key]?.running {
        case .process(let record) where record.pid == pid: break
        case .stopped(.terminated(nil)): break
        default: return
        }
        logger.notice(
            "\(key.namespace)/\(key.pod) \(key.container) ended, exit status \(status.map(String.init) ?? "unknown")")
        containers[key]?.running = .stopped(.terminated(exitStatus: status))
        observer?(key)
    }
}
