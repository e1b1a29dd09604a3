internal import CLinux
internal import FoundationEssentials
internal import Glibc

/// A connection to a lab's supervisor.
public final class ControlClient {
    private let connection: UnixConnection
    private var descriptor: Int32 { connection.descriptor }
    private var received: [UInt8] = []
    private var scanned = 0

    /// Connects; nil where no supervisor listens.
    public init?(_ directory: LabDirectory) {
        guard let connection = UnixConnection(directory.controlSocket) else { return nil }
        self.connection = connection
    }

    /// Sends a request.
    public func send(_ request: ControlRequest) throws {
        try send(EncodedRequest(request))
    }

    /// Sends a request that is encoded already.
    public func send(_ request: EncodedRequest) throws {
        try connection.write(request.line)
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
