import Addressing
import Glibc
import NetworkNamespaces

/// Asks a node for a Service's health over HTTP, as load balancers do.
struct HealthProbe: Sendable {
    /// What came of it.
    enum Outcome: Hashable, Sendable {
        /// An HTTP status.
        case status(Int)
        /// No answer, and why.
        case silent(String)
        /// The suite's own trouble.
        case harness(String)
    }

    let sender: Participant
    let node: Participant
    let target: Endpoint

    /// How long an answer may take, in milliseconds.
    private static let limit: Int32 = 1000

    /// Asks from the calling thread's network namespace.
    func ask() -> Outcome {
        let descriptor: Int32
        do {
            descriptor = try Socket.open(.tcp, target.address.family)
        } catch {
            return .harness("\(error)")
        }
        defer { close(descriptor) }
        let status = SocketAddress(target.address, target.port).withPointer { connect(descriptor, $0, $1) }
        if status != 0 {
            guard errno == EINPROGRESS else { return .silent(String(cString: strerror(errno))) }
            guard Self.wait(descriptor, POLLOUT) else { return .silent("no connection") }
            var code: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
            guard code == 0 else { return .silent(String(cString: strerror(code))) }
        }
        let request = Array("GET /healthz HTTP/1.1\r\nHost: \(target)\r\nConnection: close\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            return .silent(String(cString: strerror(errno)))
        }
        return Self.status(descriptor)
    }

    private static func status(_ descriptor: Int32) -> Outcome {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1024)
        while !received.contains(UInt8(ascii: "\n")), received.count < 8192 {
            guard wait(descriptor, POLLIN) else { return .silent("no answer") }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        let line = String(decoding: received.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        let words = line.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), let number = Int(words[1]) else {
            return .silent("no HTTP answer")
        }
        return .status(number)
    }

    private static func wait(_ descriptor: Int32, _ event: Int32) -> Bool {
        var descriptors = [pollfd(fd: descriptor, events: Int16(event), revents: 0)]
        return poll(&descriptors, 1, limit) > 0
    }
}
