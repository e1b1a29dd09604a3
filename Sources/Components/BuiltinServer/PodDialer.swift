import Addressing
import Glibc
import NIOCore

/// Makes the dials of one pod, on sockets that its connector opens.
struct PodDialer: Sendable {
    let group: any EventLoopGroup
    let connector: PodConnector
    let limits: BuiltinServerLimits

    /// Makes the tries one after the other, until they are done, their time is over, their replies are too large together
    /// or the task is cancelled.
    func dial(_ request: DialRequest) async -> DialResult {
        var result = DialResult()
        var bytes = 0
        let deadline = NIODeadline.now() + limits.dial
        for made in 0..<request.tries {
            if Task.isCancelled { break }
            if NIODeadline.now() >= deadline {
                result.errors.append("\(request.tries - made) tries were not made: the dial's time is over")
                break
            }
            do throws(DialFailure) {
                let reply = try await attempt(request)
                bytes += reply.readableBytes
                guard bytes <= limits.dialBytes else {
                    result.errors.append("the replies are larger than \(limits.dialBytes) bytes together")
                    break
                }
                result.responses.append(String(buffer: reply))
            } catch {
                result.errors.append("\(request.conversation) \(request.host.withPort(request.port)): \(error.reason)")
            }
        }
        return result
    }

    private func attempt(_ request: DialRequest) async throws(DialFailure) -> ByteBuffer {
        let transport = request.conversation.transport
        let descriptor: Int32
        do {
            descriptor = try await connector(request.host, request.port, transport)
        } catch {
            throw DialFailure("no socket in the pod: \(error)")
        }
        let socket = DialSocket(fileDescriptor: descriptor)
        do {
            try socket.connect(to: request.host, port: request.port, transport: transport)
            if transport == .udp { try socket.send(request.request) }
        } catch {
            close(descriptor)
            throw error
        }
        return try await DialAttempt(request: request, limits: limits, loop: group.any()).reply(on: descriptor)
    }
}

/// Why a try has no reply.
struct DialFailure: Error, Hashable {
    var reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// What an event loop's error means.
    init(_ error: any Error) {
        self =
            switch error {
            case let failure as DialFailure: failure
            case let error as IOError: DialFailure(systemErrorText(error.errnoCode).lowercased())
            case ChannelError.eof, ChannelError.alreadyClosed, ChannelError.ioOnClosedChannel:
                DialFailure("the peer ended the connection before its reply was whole")
            default: DialFailure("\(error)")
            }
    }
}
