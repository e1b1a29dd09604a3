internal import Addressing
internal import CLinux
internal import ControlPlane
internal import Glibc
internal import KubernetesModel
internal import NetworkNamespaces
internal import Topology

/// What the API server can do in the pods of a lab.
struct SupervisedPods: PodRuntime {
    let lab: String
    let builder: Builder
    let commands: PodCommands
    let workloads: Workloads

    func log(of pod: ObjectKey, container: String?, previous: Bool) async throws(APIStatus) -> ContainerLog {
        let files = commands.directory.pod(namespace: pod.namespace, name: pod.name)
        let container = try self.container(container, of: pod)
        guard !previous else {
            let path = files.previousLog(container: container)
            guard access(path, F_OK) == 0 else {
                throw .badRequest("previous terminated container \"\(container)\" in pod \"\(pod.name)\" not found")
            }
            return ContainerLog(path: path) { false }
        }
        let key = ContainerKey(namespace: pod.namespace, pod: pod.name, container: container)
        let workloads = workloads
        let path = files.log(container: container)
        // The built-in server says nothing.
        return ContainerLog(path: access(path, F_OK) == 0 ? path : "/dev/null") {
            await workloads.state(of: key)?.isReady ?? false
        }
    }

    func exec(in pod: ObjectKey, _ request: ExecRequest) async throws(APIStatus) -> ContainerProcess {
        let container = try self.container(request.container, of: pod)
        do {
            let program = try commands.request(
                request.command, namespace: pod.namespace, pod: pod.name, container: container)
            return request.hasTerminal
                ? try inTerminal(program) : try throughPipes(program, hasInput: request.hasInput)
        } catch let error as ProcessError {
            // Clients look for these words, which a container runtime has for a missing program.
            throw .internalError(
                "error executing command in container: failed to exec in container: \(error)")
        } catch {
            throw .internalError("\(error)")
        }
    }

    func attach(
        to pod: ObjectKey, container: String?, hasInput: Bool
    ) async throws(APIStatus) -> ContainerAttachment? {
        let container = try self.container(container, of: pod)
        let key = ContainerKey(namespace: pod.namespace, pod: pod.name, container: container)
        guard let console = await workloads.console(of: key) else { return nil }
        do {
            return try console.join(hasInput: hasInput)
        } catch {
            throw .internalError("\(error)")
        }
    }

    func connect(to pod: ObjectKey, port: UInt16) async throws(APIStatus) -> Int32 {
        let name = RuntimeName.pod(namespace: pod.namespace, name: pod.name, lab: lab)
        var reason = ""
        for text in ["127.0.0.1", "::1"] {
            guard let loopback = IPAddress(text) else { continue }
            do {
                return try await builder.inside(name) {
                    let descriptor = try Socket.open(.tcp, loopback.family)
                    // Within one namespace a connection stands, or is refused, at once.
                    let status = SocketAddress(loopback, port).withPointer {
                        Glibc.connect(descriptor, $0, $1) == 0 ? 0 : errno
                    }
                    guard status == 0 || status == EINPROGRESS else {
                        close(descriptor)
                        throw StateError("connect to", loopback.withPort(port), errno: status)
                    }
                    return descriptor
                }
            } catch {
                reason = "\(error)"
            }
        }
        throw .internalError("error forwarding port \(port) to pod \(pod.name): \(reason)")
    }

    /// The container that is meant: the named one, or the pod's only or first one.
    private func container(_ name: String?, of pod: ObjectKey) throws(APIStatus) -> String {
        let files = commands.directory.pod(namespace: pod.namespace, name: pod.name)
        guard let surroundings = try? PodSurroundings.read(files.containers) else {
            throw .badRequest("pod \"\(pod.name)\" has not been started yet")
        }
        let names = surroundings.containers.map(\.name)
        guard let name, !name.isEmpty else { return names.first ?? "" }
        guard names.contains(name) else {
            throw .badRequest("container \(name) is not valid for pod \(pod.name)")
        }
        return name
    }

    // MARK: Processes

    private func process(_ started: StartedProcess, input: Int32?, output: Int32, error: Int32?, terminal: Int32? = nil)
        -> ContainerProcess
    {
        let exit = Task { [commands] in await commands.end(of: started) }
        return ContainerProcess(
            input: input, output: output, error: error,
            resize: { columns, rows in
                guard let terminal else { return }
                var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
                _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
            },
            exitStatus: { await exit.value },
            terminate: { kill(-started.pid, SIGKILL) })
    }

    private func throughPipes(_ request: ProcessRequest, hasInput: Bool) throws -> ContainerProcess {
        let output = try Pipe()
        let error = try Pipe()
        let input = hasInput ? try Pipe() : nil
        let null = hasInput ? -1 : open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { if null >= 0 { close(null) } }
        let started = try request.spawn(
            input: input?.reading ?? null, output: output.writing, error: error.writing, isTerminal: false)
        return process(
            started, input: input?.takeWriting(), output: output.takeReading(), error: error.takeReading())
    }

    private func inTerminal(_ request: ProcessRequest) throws -> ContainerProcess {
        var master: Int32 = -1
        var slave: Int32 = -1
        guard lab_open_terminal(&master, &slave) == 0 else {
            throw StateError("open", "a pseudo-terminal", errno: errno)
        }
        defer { close(slave) }
        var request = request
        request.environment.append("TERM=xterm")
        do {
            let started = try request.spawn(input: slave, output: slave, error: slave, isTerminal: true)
            // Each descriptor is closed once by whoever reads or writes it.
            let writing = fcntl(master, F_DUPFD_CLOEXEC, 3)
            let sizing = fcntl(master, F_DUPFD_CLOEXEC, 3)
            for descriptor in [master, writing] { Pipe.setNonBlocking(descriptor) }
            let process = process(started, input: writing, output: master, error: nil, terminal: sizing)
            Task {
                _ = await process.exitStatus()
                close(sizing)
            }
            return process
        } catch {
            close(master)
            throw error
        }
    }
}
