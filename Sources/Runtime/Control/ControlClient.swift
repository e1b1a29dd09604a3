internal import CLinux
internal import FoundationEssentials
internal import Glibc

/// A connection to a lab's supervisor.
public final class ControlClient {
    private let descriptor: Int32
    private var received: [UInt8] = []
    private var scanned = 0

    /// Connects; nil where no supervisor listens.
    public init?(_ directory: LabDirectory) {
        guard let descriptor = Self.connect(directory.controlSocket) else { return nil }
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    private static func connect(_ path: String) -> Int32? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard bytes.count < room.count else { return false }
            room.copyBytes(from: bytes)
            return true
        }
        guard fits else { return nil }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, size) }
        }
        guard result == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// Sends a request.
    public func send(_ request: ControlRequest) throws {
        try send(EncodedRequest(request))
    }

    /// Sends a request that is encoded already.
    public func send(_ request: EncodedRequest) throws {
        var rest = request.line[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if sent < 0 {
                if errno == EINTR { continue }
                throw StateError("send to", "the lab's supervisor", errno: errno)
            }
            rest = rest.dropFirst(sent)
        }
    }

    /// Waits for the next event.
    ///
    /// - Parameter interrupted: called before every wait, after signals, and ten times a second.
    /// - Throws: `StateError` where the supervisor has gone.
    public func next(interrupted: () throws -> Void = {}) throws -> ControlEvent {
        while true {
            if let end = received[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(received[..<end])
                received.removeSubrange(...end)
                scanned = 0
                return try JSONDecoder().decode(ControlEvent.self, from: line)
            }
            scanned = received.count
            try wait(interrupted)
            var buffer = [UInt8](repeating: 0, count: 64 * 1024)
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 {
                throw StateError(
                    "finish with", "the lab's supervisor", reason: "it has ended; lab up goes on where it stopped")
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw StateError("hear from", "the lab's supervisor", errno: errno)
            }
            received += buffer[..<count]
        }
    }

    private func wait(_ interrupted: () throws -> Void) throws {
        while true {
            try interrupted()
            var descriptors = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
            // A signal may come just before the wait.
            if poll(&descriptors, 1, 100) > 0 { return }
        }
    }
}
