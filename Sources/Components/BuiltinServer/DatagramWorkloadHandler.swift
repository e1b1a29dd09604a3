import Addressing
import Logging
import NIOCore
import Topology

/// Answers the datagrams of one socket.
final class DatagramWorkloadHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    /// What one datagram can hold: 65,507 bytes over IPv4, 65,527 over IPv6.
    static let largestDatagram = 65536

    private let identity: WorkloadIdentity
    private let reply: DatagramReply
    private let logger: Logger

    init(identity: WorkloadIdentity, fileDescriptor: Int32, logger: Logger) {
        self.identity = identity
        self.reply = DatagramReply(fileDescriptor: fileDescriptor)
        self.logger = logger
    }

    /// NIO learns a socket's own address, and with it which option to set, when the channel becomes active.
    func channelActive(context: ChannelHandlerContext) {
        let logger = logger
        let pod = identity.pod
        context.channel.setOption(.receivePacketInfo, value: true).whenFailure { error in
            logger.error(
                "a UDP socket cannot tell its datagrams' addresses", metadata: ["pod": "\(pod)", "error": "\(error)"])
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard context.channel.isActive, let source = envelope.metadata?.packetInfo,
            let flow = flow(of: envelope, context),
            let answer = answer(to: envelope.data, flow: flow)
        else { return }
        let error = reply.send(answer, to: envelope.remoteAddress, from: source)
        guard error != 0 else { return }
        logger.debug(
            "a UDP reply was not sent",
            metadata: [
                "to": "\(flow.clientText)", "from": "\(flow.destination)", "reason": "\(systemErrorText(error))",
            ])
    }

    /// An error of one datagram is not one of the socket: what the kernel reports here are ICMP messages.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        logger.debug("a UDP socket reported an error", metadata: ["pod": "\(identity.pod)", "error": "\(error)"])
    }

    private func flow(of envelope: AddressedEnvelope<ByteBuffer>, _ context: ChannelHandlerContext) -> ObservedFlow? {
        guard let source = envelope.remoteAddress.endpoint,
            let destination = envelope.metadata?.packetInfo?.destinationAddress.endpoint,
            let port = context.channel.localAddress?.port
        else { return nil }
        return ObservedFlow(
            transport: .udp, source: source.address, sourcePort: source.port, destination: destination.address,
            destinationPort: UInt16(truncatingIfNeeded: port))
    }

    private func answer(to datagram: ByteBuffer, flow: ObservedFlow) -> ByteBuffer? {
        switch DatagramCommand(datagram) {
        case .hostname:
            ByteBuffer(string: identity.pod)
        case .clientIP:
            ByteBuffer(string: flow.clientText)
        case .echo(let message):
            message
        case .seen(let id):
            ByteBuffer(
                string: Observation(identity: identity, flow: flow, id: id, length: datagram.readableBytes).json)
        case .unknown:
            nil
        }
    }
}
