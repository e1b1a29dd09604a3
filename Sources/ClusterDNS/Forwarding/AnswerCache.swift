internal import DNSMessage

/// Answers of others, as long as they may be kept.
struct AnswerCache {
    typealias Instant = ContinuousClock.Instant

    private struct Entry {
        let answer: Message
        let stored: Instant
        let expires: Instant
    }

    private var entries: [UpstreamQuestion: Entry] = [:]
    /// Questions in the order in which their answers came; some may have been answered again since.
    private var order: [UpstreamQuestion] = []
    private let capacity: Int

    /// The longest that an answer is kept, whatever it allows: changes are to be seen soon.
    private static let longest = Duration.seconds(30)
    /// Answers with more records are not worth their place.
    private static let mostRecords = 64

    init(capacity: Int) {
        self.capacity = capacity
    }

    var count: Int { entries.count }

    /// An answer that may still be given, its TTLs reduced by its age.
    func answer(to question: UpstreamQuestion, at now: Instant) -> Message? {
        guard let entry = entries[question], now < entry.expires else { return nil }
        let age = UInt32(clamping: (now - entry.stored).components.seconds)
        var answer = entry.answer
        for section in [\Message.answers, \.authorities, \.additionals] as [WritableKeyPath<Message, [ResourceRecord]>]
        {
            for index in answer[keyPath: section].indices {
                let timeToLive = answer[keyPath: section][index].timeToLive
                answer[keyPath: section][index].timeToLive = timeToLive > age ? timeToLive - age : 0
            }
        }
        return answer
    }

    mutating func store(_ answer: Message, to question: UpstreamQuestion, at now: Instant) {
        guard capacity > 0, let lifetime = Self.lifetime(of: answer), lifetime > .zero else { return }
        if entries.updateValue(Entry(answer: answer, stored: now, expires: now + lifetime), forKey: question) == nil {
            order.append(question)
        }
        if entries.count > capacity { makeRoom(at: now) }
    }

    /// Forgets what has expired, and what is oldest where that is not enough.
    private mutating func makeRoom(at now: Instant) {
        order.removeAll { question in
            guard let entry = entries[question], entry.expires <= now else { return false }
            entries[question] = nil
            return true
        }
        let surplus = max(0, entries.count - capacity * 3 / 4)
        for question in order.prefix(surplus) { entries[question] = nil }
        order.removeFirst(surplus)
    }

    /// How long an answer may be kept: as its records say, or for what does not exist the SOA (RFC 2308, section 5); nil
    /// where it says nothing of the kind.
    private static func lifetime(of answer: Message) -> Duration? {
        let records = answer.answers + answer.authorities + answer.additionals
        guard records.count <= mostRecords else { return nil }
        var seconds = records.map { $0.timeToLive & 0x8000_0000 == 0 ? $0.timeToLive : 0 }.min()
        if answer.answers.isEmpty {
            let minimums = answer.authorities.compactMap { record -> UInt32? in
                guard case .soa(let authority) = record.data else { return nil }
                return authority.minimum
            }
            guard let minimum = minimums.first else { return nil }
            seconds = min(minimum, seconds ?? minimum)
        }
        return seconds.map { min(.seconds($0), longest) }
    }
}

/// What is asked, and whom.
struct UpstreamQuestion: Hashable, Sendable {
    let question: Question
    let servers: [UpstreamServer]
}
