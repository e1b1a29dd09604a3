internal import Addressing
internal import DNSMessage

/// Answers questions from the names of a zone. Pure: bytes in, bytes out, no input or output of its own.
public struct DNSResolver: Sendable {
    /// What the server is told to be.
    public let settings: ClusterDNSSettings

    let zone: [UInt8]
    let podParent: [UInt8]?
    let reverseZones: ReverseZones
    let authority: AuthorityData
    var answers: ZoneAnswers
    private let offersRecursion: Bool
    private var rotation = 0
    /// What is sent instead of an answer; nil: the answer itself.
    private let rewriting: AnswerRewriting?

    /// Makes another answer of one; nil: none.
    public typealias AnswerRewriting = @Sendable (_ answer: [UInt8], DNSTransport) -> [UInt8]?

    /// What becomes of a query.
    public enum Outcome: Sendable {
        /// The answer has so many bytes, in place of the query.
        case reply(length: Int)
        /// Others have to be asked.
        case forward(ForwardedQuestion)
        /// There is nothing to say: the bytes are no query.
        case drop
    }

    /// A resolver without any name. The zone's changes are applied to it.
    ///
    /// - Parameter rewriting: makes the answers other ones, for those who test what tests DNS servers.
    public init(_ settings: ClusterDNSSettings, rewriting: AnswerRewriting? = nil) {
        self.init(settings, answers: ZoneAnswers(), rewriting: rewriting)
    }

    init(_ settings: ClusterDNSSettings, answers: ZoneAnswers, rewriting: AnswerRewriting? = nil) {
        self.settings = settings
        self.rewriting = rewriting
        self.answers = answers
        let zone = NameBytes(settings.zone)
        self.zone = zone.bytes
        podParent = settings.podRecords == .anyAddress ? NameBytes("pod", below: zone)?.bytes : nil
        reverseZones = ReverseZones(settings.ranges)
        authority = AuthorityData(settings)
        offersRecursion = !settings.upstreams.isEmpty || !settings.stubDomains.isEmpty
    }

    /// Takes changes of the zone.
    public mutating func apply(_ changes: ZoneChanges) {
        answers.apply(changes.names, serial: changes.serial)
    }

    /// Answers a query.
    ///
    /// - Parameters:
    ///   - buffer: holds the query, and has room for the answer: at least 512 bytes.
    ///   - queryLength: the query's length in bytes.
    public mutating func respond(
        in buffer: UnsafeMutableRawBufferPointer, queryLength: Int, over transport: DNSTransport
    ) -> Outcome {
        let outcome = answer(in: buffer, queryLength: queryLength, over: transport)
        guard let rewriting, case .reply(let length) = outcome else { return outcome }
        guard let other = rewriting(Array(buffer[..<length]), transport), other.count <= buffer.count else {
            return .drop
        }
        buffer.copyBytes(from: other)
        return .reply(length: other.count)
    }

    private mutating func answer(
        in buffer: UnsafeMutableRawBufferPointer, queryLength: Int, over transport: DNSTransport
    ) -> Outcome {
        // A response is never answered, so that two servers cannot keep each other busy.
        guard queryLength >= Message.headerLength, queryLength <= buffer.count,
            buffer.count >= Message.longestWithoutEDNS, buffer[2] & 0x80 == 0
        else { return .drop }
        switch Query.read(UnsafeRawBufferPointer(rebasing: buffer[..<queryLength])) {
        case .unusable(let code): return .reply(length: Reply.bare(code, in: buffer))
        case .query(let query):
            return LowercasedName.withRoom { name in
                name.take(
                    UnsafeRawBufferPointer(rebasing: buffer[Message.headerLength..<query.end - 4]))
                return answer(query, &name, buffer, limit: Self.limit(query, transport))
            }
        }
    }

    /// The most bytes of an answer (RFC 6891, section 6.2.5).
    private static func limit(_ query: Query, _ transport: DNSTransport) -> Int {
        switch transport {
        case .stream: Message.longest
        case .datagram:
            min(max(query.edns?.payloadSize ?? 0, Message.longestWithoutEDNS), Reply.payloadSize)
        }
    }

    private mutating func answer(
        _ query: Query, _ name: inout LowercasedName, _ buffer: UnsafeMutableRawBufferPointer, limit: Int
    ) -> Outcome {
        var reply = Reply(to: query, in: buffer, limit: limit)
        if let code = refusal(of: query) { return finish(&reply, code, isAuthoritative: false) }
        guard let found = answers.answers(of: name.bytes) else {
            switch place(of: name, at: Message.headerLength) {
            case .ours(let place, let pod): return answerMissing(place, pod, query, &reply)
            case .others(let servers): return forward(query, to: servers, &reply, buffer, limit: limit)
            }
        }
        if query.type != .cname, query.type != .any, let alias = found.set(RecordType.cname.rawValue) {
            return follow(alias, of: found, query, &name, &reply, buffer, limit: limit)
        }
        return answer(found, query, name, &reply)
    }

    private mutating func answer(
        _ found: NameAnswers, _ query: Query, _ name: LowercasedName, _ reply: inout Reply
    ) -> Outcome {
        // Of ANY one set is answer enough (RFC 8482, section 4.1).
        if let set = found.set(query.type == .any ? nil : query.type.rawValue) {
            reply.append(set, of: found, from: nextRotation())
            return finish(&reply, .noError)
        }
        guard case .ours(let place, _) = place(of: name, at: Message.headerLength) else {
            // The reverse name of an address outside the cluster's ranges: no zone of ours.
            return finish(&reply, .noError)
        }
        return answerMissing(place, nil, query, &reply, exists: true)
    }

    /// Why a question is not looked up, or nil where it is.
    private func refusal(of query: Query) -> ResponseCode? {
        if let edns = query.edns, edns.version != 0 { return .badVersion }
        guard query.recordClass == .internet else { return .refused }
        switch query.type.rawValue {
        // Zone transfers.
        case RecordType.ixfr.rawValue, RecordType.axfr.rawValue: return .refused
        // Types of records that no name has: none, OPT, TKEY and TSIG.
        case 0, RecordType.opt.rawValue, 249, 250: return .formatError
        // MAILB and MAILA.
        case 253, 254: return .notImplemented
        default: return nil
        }
    }

    mutating func nextRotation() -> Int {
        guard settings.rotatesAddresses else { return 0 }
        rotation = (rotation &+ 1) & .max
        return rotation
    }

    func finish(_ reply: inout Reply, _ code: ResponseCode, isAuthoritative: Bool = true) -> Outcome {
        .reply(length: reply.finish(code, isAuthoritative: isAuthoritative, offersRecursion: offersRecursion))
    }
}
