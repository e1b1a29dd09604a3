public import DNSMessage

/// A question that somebody else has to be asked, with what its answer needs.
public struct ForwardedQuestion: Hashable, Sendable {
    /// What the others are asked: the client's question, or about the name at the end of a chain of aliases.
    public let target: Question
    /// Who is asked, in this order.
    public let servers: [UpstreamServer]

    /// The client's question as it spelled it.
    let question: Question
    let id: UInt16
    let isCheckingDisabled: Bool
    let edns: EDNS?
    let limit: Int
    /// The aliases of this zone that lead to the target.
    let aliases: [ResourceRecord]

    /// The answer to the client.
    ///
    /// - Parameter answer: what one of the servers said, or nil where none could be asked.
    public func reply(with answer: Message?) -> [UInt8] {
        var reply = Message(id: id)
        reply.isResponse = true
        reply.recursionDesired = true
        reply.recursionAvailable = true
        reply.isCheckingDisabled = isCheckingDisabled
        reply.isAuthoritative = !aliases.isEmpty
        reply.questions = [question]
        reply.edns = edns.map { EDNS(payloadSize: UInt16(Reply.payloadSize), wantsDNSSEC: $0.wantsDNSSEC) }
        reply.answers = aliases + (answer?.answers ?? [])
        reply.authorities = answer?.authorities ?? []
        reply.additionals = answer?.additionals ?? []
        reply.responseCode = answer?.responseCode ?? .serverFailure
        return reply.encoded(limit: limit)
    }
}
