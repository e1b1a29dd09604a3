import Addressing
import DNSMessage
import Glibc
import NetworkNamespaces

/// One query to a name server.
struct NameQuery: Sendable {
    let server: IPAddress
    let question: Question
    let options: NameQueryOptions
    let id = UInt16.random(in: 1...UInt16.max)

    /// How long an answer may take, in milliseconds. It is asked once.
    private static let limit: Int32 = 2000

    /// Asks from the calling thread's network namespace.
    /// - Throws: what is the suite's own trouble.
    func ask() throws -> NameAnswer {
        let descriptor = try Socket.open(options.isOverTCP ? .tcp : .udp, server.family)
        defer { close(descriptor) }
        let edns = options.payloadSize.map { EDNS(payloadSize: $0) }
        let query = Message(id: id, asking: question, recursionDesired: true, edns: edns).encoded()
        let status = SocketAddress(server, 53).withPointer { connect(descriptor, $0, $1) }
        if status != 0 {
            guard errno == EINPROGRESS else { return NameAnswer(silence: String(cString: strerror(errno))) }
            guard wait(descriptor, POLLOUT) else { return NameAnswer(silence: "no connection") }
            var code: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
            guard code == 0 else { return NameAnswer(silence: String(cString: strerror(code))) }
        }
        let bytes = options.isOverTCP ? [UInt8(query.count >> 8), UInt8(query.count & 0xff)] + query : query
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            return NameAnswer(silence: String(cString: strerror(errno)))
        }
        return options.isOverTCP ? readStream(descriptor) : readDatagram(descriptor)
    }

    private func readDatagram(_ descriptor: Int32) -> NameAnswer {
        var buffer = [UInt8](repeating: 0, count: Message.longest)
        guard wait(descriptor, POLLIN) else { return NameAnswer(silence: "no answer") }
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { return NameAnswer(silence: String(cString: strerror(errno))) }
        return answer(Array(buffer[..<count]))
    }

    private func readStream(_ descriptor: Int32) -> NameAnswer {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: Message.longest)
        while bytes.count < 2 || bytes.count < 2 + (Int(bytes[0]) << 8 | Int(bytes[1])) {
            guard wait(descriptor, POLLIN) else { return NameAnswer(silence: "no answer") }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return NameAnswer(silence: "the connection was closed without an answer") }
            bytes += buffer[..<count]
        }
        return answer(Array(bytes.dropFirst(2)))
    }

    private func answer(_ bytes: [UInt8]) -> NameAnswer {
        do throws(MessageError) {
            let message = try Message(decoding: bytes)
            guard message.id == id, message.isResponse, message.questions == [question] else {
                return NameAnswer(silence: "the answer is to another question: \(message.questions)")
            }
            return NameAnswer(message, length: bytes.count)
        } catch {
            return NameAnswer(silence: "the answer cannot be understood: \(error)")
        }
    }

    private func wait(_ descriptor: Int32, _ event: Int32) -> Bool {
        var descriptors = [pollfd(fd: descriptor, events: Int16(event), revents: 0)]
        return poll(&descriptors, 1, Self.limit) > 0
    }
}

extension RecordType {
    /// The type of a name such as `A`; nil for one that cases cannot ask for.
    init?(text: String) {
        let known: [RecordType] = [.a, .aaaa, .cname, .ns, .ptr, .soa, .srv, .txt]
        guard let type = known.first(where: { $0.description == text }) else { return nil }
        self = type
    }
}
