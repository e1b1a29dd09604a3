internal import ClusterDNS
internal import DNSMessage

/// The answers of a DNS with a fault.
struct FaultyReplies: Sendable {
    let fault: DNSFault

    /// What is sent instead of an answer; nil: nothing.
    func broken(_ reply: [UInt8], _ transport: DNSTransport) -> [UInt8]? {
        switch fault {
        case .withoutTCP where transport == .stream: return nil
        case .cutsSilently:
            var reply = reply
            // The flag TC (RFC 1035, section 4.1.1).
            if reply.count > 2 { reply[2] &= ~0x02 }
            return reply
        default: break
        }
        guard var message = try? Message(decoding: reply), let question = message.questions.first else { return reply }
        return change(&message, question, transport, reply.count) ? message.encoded() : reply
    }

    private func change(
        _ message: inout Message, _ question: Question, _ transport: DNSTransport, _ length: Int
    ) -> Bool {
        switch fault {
        case .caseSensitive:
            guard question.name.wire != question.name.lowercased.wire else { return false }
            return deny(&message)
        case .withoutSRV where question.type == .srv, .withoutPTR where question.type == .ptr,
            .withoutVersion where question.type == .txt, .forgetsIPv6 where question.type == .aaaa:
            message.answers = []
        case .failsAAAA where question.type == .aaaa && message.answers.isEmpty:
            message.responseCode = .serverFailure
        case .deniesNames where message.responseCode == .noError && message.answers.isEmpty: return deny(&message)
        case .deniesData where message.responseCode == .nameError: message.responseCode = .noError
        case .withoutTTL:
            for index in message.answers.indices { message.answers[index].timeToLive = 0 }
        case .addressOfExternalName where message.answers.contains { $0.type == .cname }:
            message.answers.removeAll { $0.type == .cname }
            for index in message.answers.indices { message.answers[index].name = question.name }
        case .ignoresEDNS where transport == .datagram && length > Message.longestWithoutEDNS:
            message.answers = []
            message.isTruncated = true
        default: return false
        }
        return true
    }

    private func deny(_ message: inout Message) -> Bool {
        message.answers = []
        message.responseCode = .nameError
        return true
    }
}
