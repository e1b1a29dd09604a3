import Glibc

/// A connection to a lab's API server over its Unix socket, for one request.
final class APIConnection {
    let descriptor: Int32
    /// What has come so far, head and framing included.
    private(set) var received: [UInt8] = []

    /// Connects to the API of a lab.
    init(_ lab: String) throws {
        let path = "/run/lab/\(lab)/api.sock"
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) == 0 }
        }
        guard isConnected else { throw BenchError("cannot connect to \(path): \(String(cString: strerror(errno)))") }
    }

    deinit {
        close(descriptor)
    }

    /// Sends a request; the server ends the connection behind its answer.
    func send(_ method: String, _ target: String, type: String = "application/json", body: String = "") throws {
        let request =
            "\(method) \(target) HTTP/1.1\r\nHost: lab\r\nConnection: close\r\nContent-Type: \(type)\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw BenchError("cannot write to the API: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads what there is, waiting for the first of it; false at the end.
    func receive() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        let count = read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw BenchError("cannot read from the API: \(String(cString: strerror(errno)))") }
        received += buffer[..<count]
        return count > 0
    }

    /// Forgets what has come so far.
    func forget() { received = [] }

    /// Reads the whole answer.
    ///
    /// - Returns: its bytes, with the head.
    func answer() throws -> [UInt8] {
        while try receive() {}
        guard received.starts(with: "HTTP/1.1 2".utf8) else {
            throw BenchError("the API answered \(String(decoding: received.prefix(500), as: UTF8.self))")
        }
        return received
    }

    /// Whether a text has come.
    func hasReceived(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return received.indices.contains { start in
            received[start] == wanted.first && received[start...].starts(with: wanted)
        }
    }

    /// Reads from all of these until a text has come from every one of them.
    static func wait(for text: String, from connections: [APIConnection]) throws {
        var missing = connections
        while !missing.isEmpty {
            var polls = missing.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            guard poll(&polls, nfds_t(polls.count), 30_000) > 0 else {
                throw BenchError("\(missing.count) watchers did not get '\(text)' within thirty seconds")
            }
            var rest: [APIConnection] = []
            for (connection, poll) in zip(missing, polls) {
                if poll.revents != 0, try !connection.receive() { throw BenchError("the API ended a watch") }
                if !connection.hasReceived(text) { rest.append(connection) }
            }
            missing = rest
        }
    }
}
