internal import DNSMessage

extension DNSResolver {
    /// How many aliases may follow one another.
    private static let longestChain = 8

    /// Answers with an alias and what its target has: what is known here, or what others are asked (RFC 1034, section
    /// 3.6.2).
    mutating func follow(
        _ alias: NameAnswers.Set, of found: NameAnswers, _ query: Query, _ name: inout LowercasedName,
        _ reply: inout Reply, _ buffer: UnsafeMutableRawBufferPointer, limit: Int
    ) -> Outcome {
        var (alias, found) = (alias, found)
        var owner = Message.headerLength
        var owners: [Int] = []
        while owners.count < Self.longestChain {
            owners.append(owner)
            let start = reply.place
            found.withUnsafeBytes { bytes in
                let target = UnsafeRawBufferPointer(rebasing: bytes[alias.answers].dropFirst(12))
                reply.append(.cname, timeToLive: settings.timeToLive, target, owner: owner)
                name.take(target)
            }
            if reply.isTruncated { return finish(&reply, .noError) }
            owner = start + 12
            guard let next = answers.answers(of: name.bytes) else {
                switch place(of: name, at: owner) {
                case .ours(let place, let pod): return answerMissing(place, pod, query, &reply, owner: owner)
                case .others(let servers):
                    let chain = Chain(owners: owners, target: owner)
                    return forward(query, to: servers, along: chain, &reply, buffer, limit: limit)
                }
            }
            if let set = next.set(query.type.rawValue) {
                reply.append(set, of: next, from: nextRotation(), owner: owner)
                return finish(&reply, .noError)
            }
            guard let further = next.set(RecordType.cname.rawValue) else {
                guard case .ours(let place, _) = place(of: name, at: owner) else { return finish(&reply, .noError) }
                return answerMissing(place, nil, query, &reply, owner: owner, exists: true)
            }
            (alias, found) = (further, next)
        }
        // Aliases that lead in a circle, or too far.
        var failure = Reply(to: query, in: buffer, limit: limit)
        return finish(&failure, .serverFailure)
    }

    /// Aliases that were written into a message.
    struct Chain {
        /// Where each alias' own name stands.
        var owners: [Int] = []
        /// Where the last one's target stands.
        var target = Message.headerLength
    }

    /// Leaves a question to others, and refuses it where the client does not want that. Where there are none it fails, as
    /// with CoreDNS whose last plugin is `kubernetes`: glibc goes on to the next domain of the search path then, and at
    /// REFUSED it would not.
    func forward(
        _ query: Query, to servers: [UpstreamServer], along chain: Chain = Chain(), _ reply: inout Reply,
        _ buffer: UnsafeMutableRawBufferPointer, limit: Int
    ) -> Outcome {
        guard query.recursionDesired, !servers.isEmpty,
            let question = name(in: buffer, at: Message.headerLength), let target = name(in: buffer, at: chain.target)
        else {
            guard chain.owners.isEmpty else { return finish(&reply, .noError) }
            return finish(&reply, servers.isEmpty ? .serverFailure : .refused, isAuthoritative: false)
        }
        let names = (chain.owners + [chain.target]).compactMap { name(in: buffer, at: $0) }
        let aliases = zip(names, names.dropFirst()).map { owner, target in
            ResourceRecord(owner, timeToLive: settings.timeToLive, .cname(target))
        }
        return .forward(
            ForwardedQuestion(
                target: Question(target, query.type), servers: servers, question: Question(question, query.type),
                id: UnsafeRawBufferPointer(buffer).uint16(0), isCheckingDisabled: query.flags & 0x0010 != 0,
                edns: query.edns.map { EDNS(payloadSize: 0, wantsDNSSEC: $0.wantsDNSSEC) }, limit: limit,
                aliases: chain.owners.isEmpty ? [] : aliases))
    }

    /// The uncompressed name that stands at a place in a message.
    private func name(in buffer: UnsafeMutableRawBufferPointer, at start: Int) -> DomainName? {
        var end = start
        while end < buffer.count, buffer[end] != 0 { end += 1 + Int(buffer[end]) }
        return end < buffer.count ? DomainName(wire: Array(buffer[start...end])) : nil
    }
}
