import Foundation
import Glibc
import KubernetesModel
import Synchronization

@testable import ControlPlane

/// Runs programs of the machine as if they were in containers.
final class TestRuntime: PodRuntime {
    let logPath: String
    let isRunning = Atomic<Bool>(true)
    private let terminations = AsyncStream<Void>.makeStream()
    let sizes = Mutex<[[UInt16]]>([])
    /// Where ports of pods are on this machine; others are where they say.
    let ports = Mutex<[UInt16: UInt16]>([:])

    init(directory: String) {
        logPath = "\(directory)/log"
        _ = FileManager.default.createFile(atPath: logPath, contents: nil)
    }

    /// Waits until a program was ended.
    func untilTerminated() async throws {
        for await _ in terminations.stream { return }
    }

    /// Adds to the container's output.
    func write(_ text: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: logPath))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    func log(of pod: ObjectKey, container: String?, previous: Bool) async throws(APIStatus) -> ContainerLog {
        if let container, container != "main" {
            throw .badRequest("container \(container) is not valid for pod \(pod.name)")
        }
        return ContainerLog(path: logPath) { self.isRunning.load(ordering: .relaxed) }
    }

    func exec(in pod: ObjectKey, _ request: ExecRequest) async throws(APIStatus) -> ContainerProcess {
        _ = try await log(of: pod, container: request.container, previous: false)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = request.command
        let input = Pipe()
        let output = Pipe()
        let error = Pipe()
        if request.hasInput { process.standardInput = input } else { process.standardInput = FileHandle.nullDevice }
        process.standardOutput = output
        process.standardError = error
        let ended = AsyncStream<Int32>.makeStream()
        let status = Task { await ended.stream.first { _ in true } ?? -1 }
        process.terminationHandler = {
            let status = $0.terminationStatus
            ended.continuation.yield($0.terminationReason == .uncaughtSignal ? 128 + status : status)
        }
        do { try process.run() } catch { throw .internalError("\(error)") }
        func own(_ handle: FileHandle) -> Int32 {
            let descriptor = dup(handle.fileDescriptor)
            try? handle.close()
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return descriptor
        }
        let id = process.processIdentifier
        return ContainerProcess(
            input: request.hasInput ? own(input.fileHandleForWriting) : nil, output: own(output.fileHandleForReading),
            error: own(error.fileHandleForReading),
            resize: { columns, rows in self.sizes.withLock { $0.append([columns, rows]) } },
            exitStatus: { await status.value },
            terminate: {
                self.terminations.continuation.yield()
                kill(id, SIGKILL)
            })
    }

    func attach(
        to pod: ObjectKey, container: String?, hasInput: Bool
    ) async throws(APIStatus) -> ContainerAttachment? { nil }

    func connect(to pod: ObjectKey, port: UInt16) async throws(APIStatus) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = (ports.withLock { $0[port] } ?? port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close(descriptor)
            throw .internalError("connect to port \(port): \(String(cString: strerror(errno)))")
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        return descriptor
    }
}
