internal import CLinux
internal import Glibc
internal import Netlink

/// A process that was started, with the descriptor that stands for it however long it lives.
struct StartedProcess: Sendable {
    let pid: Int32
    /// A pidfd; the receiver closes it.
    let pidfd: Int32
}

extension ProcessRequest {
    /// Starts the program as a child in a session of its own.
    ///
    /// Its standard input is /dev/null.
    func spawn(output: Int32, error: Int32) throws -> StartedProcess {
        let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw StateError("open", "/dev/null", errno: errno) }
        defer { close(input) }
        return try spawn(input: input, output: output, error: error, isTerminal: false)
    }

    /// Starts the program as a child in a session of its own, with these standard streams.
    ///
    /// - Parameter isTerminal: whether the input is a terminal, which becomes the session's.
    func spawn(input: Int32, output: Int32, error: Int32, isTerminal: Bool) throws -> StartedProcess {
        var failure = lab_process_failure()
        var pidfd: Int32 = -1
        var pid: pid_t = -1
        try withProcess { process in
            process.standard_io = (input, output, error)
            process.new_session = 1
            process.controlling_terminal = isTerminal ? 1 : 0
            _ = lab_kernel_request()
            pid = lab_spawn(&process, &pidfd, &failure)
        }
        guard pid > 0 else { throw ProcessError(self, failure) }
        return StartedProcess(pid: pid, pidfd: pidfd)
    }

    /// Turns the calling process into the program. Returns only by throwing.
    public func execute() throws -> Never {
        var failure = lab_process_failure()
        try withProcess { process in lab_execute(&process, &failure) }
        throw ProcessError(self, failure)
    }

    /// The request in the form that the system calls between clone and execve take.
    private func withProcess(_ body: (inout lab_process) -> Void) throws {
        let program = arguments.first ?? ""
        var process = lab_process()
        process.network_namespace = -1
        process.mount_namespace = Int32(LAB_KEEP)
        process.host_name_namespace = -1
        defer {
            for descriptor in [process.network_namespace, process.mount_namespace, process.host_name_namespace]
            where descriptor >= 0 { close(descriptor) }
        }
        if let networkNamespace {
            process.network_namespace = open(networkNamespace, O_RDONLY | O_CLOEXEC)
            guard process.network_namespace >= 0 else {
                throw ProcessError(
                    program: program, step: "open the network namespace \(networkNamespace)", errno: errno)
            }
            process.mount_namespace = try namespaceOfJoined("mnt")
            process.host_name_namespace = try namespaceOfJoined("uts")
        }
        process.standard_io = (-1, -1, -1)
        process.descriptors = descriptors

        let memory = CStrings()
        process.host_name = memory.pointer(hostName)
        process.detach = memory.pointer(namespaceDirectory)
        process.directory = memory.pointer(workingDirectory ?? "/")
        let mounts = mounts(memory)
        let candidates = memory.array(self.candidates)
        let argumentArray = memory.array(arguments)
        let environmentArray = memory.array(environment)
        mounts.withUnsafeBufferPointer { mounts in
            candidates.withUnsafeBufferPointer { candidates in
                argumentArray.withUnsafeBufferPointer { arguments in
                    environmentArray.withUnsafeBufferPointer { environment in
                        process.mounts = mounts.baseAddress
                        process.mount_count = mounts.count
                        candidates.withMemoryRebound(to: UnsafePointer<CChar>?.self) {
                            process.candidates = $0.baseAddress
                        }
                        process.arguments = arguments.baseAddress
                        process.environment = environment.baseAddress
                        body(&process)
                    }
                }
            }
        }
    }

    private func namespaceOfJoined(_ kind: String) throws -> Int32 {
        guard let join else { return -1 }
        let descriptor = open("/proc/\(join)/ns/\(kind)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ProcessError(
                program: arguments.first ?? "", step: "open the \(kind) namespace of process \(join)", errno: errno)
        }
        return descriptor
    }

    /// A view of /sys that belongs to the network namespace, and the bound files.
    private func mounts(_ memory: CStrings) -> [lab_mount] {
        var mounts = [
            lab_mount(
                source: memory.pointer("sysfs"), target: memory.pointer("/sys"), type: memory.pointer("sysfs"),
                flags: UInt(MS_NOSUID | MS_NODEV | MS_NOEXEC), data: nil, optional: 0)
        ]
        for bind in binds {
            mounts.append(
                lab_mount(
                    source: memory.pointer(bind.source), target: memory.pointer(bind.target), type: nil,
                    flags: UInt(MS_BIND | MS_REC), data: nil, optional: 1))
        }
        return mounts
    }
}

/// C strings that live as long as this value.
private final class CStrings {
    private var owned: [UnsafeMutablePointer<CChar>] = []

    deinit {
        for pointer in owned { free(pointer) }
    }

    func pointer(_ text: String?) -> UnsafePointer<CChar>? {
        mutable(text).map { UnsafePointer($0) }
    }

    /// The strings and a closing NULL.
    func array(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { mutable($0) } + [nil]
    }

    private func mutable(_ text: String?) -> UnsafeMutablePointer<CChar>? {
        guard let text, let copy = strdup(text) else { return nil }
        owned.append(copy)
        return copy
    }
}
