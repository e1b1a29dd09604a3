import Addressing
import FoundationEssentials
import Glibc
import NetworkNamespaces

/// A probe under way: its socket's state from the first packet to its end.
struct RunningProbe {
    let socket: ProbeSocket
    private(set) var source: Endpoint?
    private(set) var ending: ProbeEnding?
    private var isConnecting = false
    private var received: [UInt8] = []

    private static let largestReply = 1 << 17

    var flow: Flow { socket.flow }

    init(_ socket: ProbeSocket) {
        self.socket = socket
        source = socket.source.map { Endpoint($0, socket.port) }
        if let failure = socket.failure { ending = .harness(failure) }
    }

    /// What to wait for, or 0 where nothing more will come.
    var awaited: Int16 {
        guard ending == nil, flow.hasAnswer else { return 0 }
        return Int16(isConnecting ? POLLOUT : POLLIN)
    }

    /// The result so far. A probe that has not ended is silent, unless its answer is complete but for the end of the
    /// connection.
    var result: ProbeResult {
        var probe = self
        if probe.ending == nil, case .tcp = flow.kind { probe.finishRequest() }
        return ProbeResult(
            source: source, ending: probe.ending ?? .silent, interfaceMTU: socket.mtu,
            isConnecting: probe.ending == nil && isConnecting)
    }

    func close() {
        if socket.descriptor >= 0 { Glibc.close(socket.descriptor) }
    }

    // MARK: Sending

    /// Sends the first packet.
    mutating func start() {
        guard ending == nil else { return }
        switch flow.kind {
        case .tcp: connect()
        case .udp: send(ProbeMessage.datagram(flow, size: socket.size), port: flow.dialled.port)
        case .ping: send(ProbeMessage.echoRequest(flow, identifier: socket.port, size: socket.size), port: 0)
        case .sctp:
            let packet = SCTPInit.packet(
                sourcePort: socket.port, destinationPort: flow.dialled.port, initiateTag: flow.token.initiateTag)
            send(packet, port: 0)
        }
    }

    private mutating func connect() {
        let status = SocketAddress(flow.dialled.address, flow.dialled.port).withPointer {
            Glibc.connect(socket.descriptor, $0, $1)
        }
        if status != 0, errno != EINPROGRESS { return fail(errno, isLocal: true) }
        source = Endpoint(localOf: socket.descriptor) ?? source
        isConnecting = true
    }

    private mutating func send(_ bytes: [UInt8], port: UInt16) {
        let sent = SocketAddress(flow.dialled.address, port).withPointer { address, length in
            bytes.withUnsafeBytes {
                sendto(socket.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL), address, length)
            }
        }
        if sent < 0 {
            fail(errno, isLocal: true)
        } else if sent != bytes.count {
            ending = .harness("only \(sent) bytes were sent")
        }
    }

    /// Ends with an errno. Those that a network causes are a verdict; others are the prober's own trouble.
    private mutating func fail(_ code: Int32, isLocal: Bool) {
        switch code {
        case ECONNREFUSED, ECONNRESET, ENOPROTOOPT, EPROTO, EHOSTDOWN, EPIPE: ending = .refused(code)
        case EHOSTUNREACH, ENETUNREACH, EACCES, EPERM, EMSGSIZE, ENETDOWN:
            ending = isLocal ? .notSent(code) : .refused(code)
        default: ending = .harness("the socket of \(flow.sender.name): \(String(cString: strerror(code)))")
        }
    }

    // MARK: Receiving

    /// Goes on after poll has reported something.
    mutating func proceed() {
        switch flow.kind {
        case .tcp: proceedConnection()
        case .udp, .ping: receive()
        case .sctp: break
        }
    }

    private mutating func proceedConnection() {
        if isConnecting {
            var code: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(socket.descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
            guard code == 0 else { return fail(code, isLocal: false) }
            isConnecting = false
            let request = ProbeMessage.request(flow)
            let sent = request.withUnsafeBytes {
                Glibc.send(socket.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent != request.count { fail(errno, isLocal: false) }
            return
        }
        var buffer = [UInt8](repeating: 0, count: 16384)
        while ending == nil {
            let count = recv(socket.descriptor, &buffer, buffer.count, 0)
            if count > 0, received.count < Self.largestReply {
                received += buffer[..<count]
            } else if count >= 0 {
                finishRequest()
                if ending == nil { ending = .harness("the server's answer makes no sense: \(excerpt)") }
            } else if errno == EAGAIN || errno == EINTR {
                return
            } else {
                let code = errno
                finishRequest()
                if ending == nil { fail(code, isLocal: false) }
            }
        }
    }

    /// Ends where the whole answer is there.
    private mutating func finishRequest() {
        guard let head = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
        guard let report = try? JSONDecoder().decode(ServerReport.self, from: Data(received[head.upperBound...])) else {
            // Of a server that cannot say who it is any answer will do; the captures show who it is.
            if !flow.isServed, received.starts(with: "HTTP/1.".utf8) {
                ending = .answered(ProbeAnswer(from: flow.dialled))
            }
            return
        }
        ending = .answered(ProbeAnswer(from: flow.dialled, report: report, isIntact: report.id == "\(flow.token)"))
    }

    private var excerpt: String {
        "\(String(decoding: received.prefix(80), as: UTF8.self).debugDescription)"
    }

    private mutating func receive() {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while ending == nil {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let count = withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(socket.descriptor, &buffer, buffer.count, 0, $0, &length)
                }
            }
            if count < 0 {
                if errno != EAGAIN, errno != EINTR { fail(errno, isLocal: false) }
                return
            }
            guard let from = Endpoint(storage) else { continue }
            accept(buffer[..<count], from: from)
        }
    }

    private mutating func accept(_ bytes: ArraySlice<UInt8>, from: Endpoint) {
        if flow.kind == .ping { return acceptEcho(bytes, from: from) }
        if flow.isEchoed {
            let sent = ProbeMessage.datagram(flow, size: socket.size).dropFirst(5)
            ending = .answered(ProbeAnswer(from: from, isIntact: bytes.elementsEqual(sent)))
            return
        }
        guard let report = try? JSONDecoder().decode(ServerReport.self, from: Data(bytes)) else {
            ending = .harness(
                "the server's answer makes no sense: \(String(decoding: bytes.prefix(80), as: UTF8.self).debugDescription)"
            )
            return
        }
        let length = ProbeMessage.datagram(flow, size: socket.size).count
        ending = .answered(
            ProbeAnswer(from: from, report: report, isIntact: report.id == "\(flow.token)" && report.length == length))
    }

    /// A raw socket hears every ICMP message of its namespace, over IPv4 with the IP header.
    private mutating func acceptEcho(_ bytes: ArraySlice<UInt8>, from: Endpoint) {
        var message = bytes
        if flow.family == .ipv4 {
            guard let first = bytes.first else { return }
            message = bytes.dropFirst(Int(first & 15) * 4)
        }
        let reply: UInt8 = flow.family == .ipv4 ? 0 : 129
        guard message.count >= 8, message.first == reply else { return }
        let header = Array(message.prefix(8))
        let payload = message.dropFirst(8)
        guard UInt16(header[4]) << 8 | UInt16(header[5]) == socket.port, ProbeMessage.token(in: payload) == flow.token
        else { return }
        let isIntact = payload.elementsEqual(ProbeMessage.datagram(flow, size: socket.size))
        ending = .answered(ProbeAnswer(from: Endpoint(from.address, 0), isIntact: isIntact))
    }
}
