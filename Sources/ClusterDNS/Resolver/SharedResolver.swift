internal import DNSMessage
internal import Synchronization

/// A resolver that several threads answer from while its zone changes.
public final class SharedResolver: Sendable {
    /// What the server is told to be.
    public let settings: ClusterDNSSettings
    private let resolver: Mutex<DNSResolver>

    /// How many names are changed before questions are answered again: tens of microseconds' worth.
    private static let step = 128

    /// A resolver without any name. The zone's changes are applied to it.
    ///
    /// - Parameter rewriting: makes the answers other ones, for those who test what tests DNS servers.
    public init(_ settings: ClusterDNSSettings, rewriting: DNSResolver.AnswerRewriting? = nil) {
        self.settings = settings
        resolver = Mutex(DNSResolver(settings, rewriting: rewriting))
    }

    /// Takes changes of the zone. Questions are answered in between: each name has its old or its new answers.
    public func apply(_ changes: ZoneChanges) {
        if changes.count > Self.step { resolver.withLock { $0.answers.reserve(changes.count) } }
        var rest = changes.names[...]
        repeat {
            let part = rest.prefix(Self.step)
            resolver.withLock { $0.answers.apply(part, serial: changes.serial) }
            rest = rest.dropFirst(Self.step)
        } while !rest.isEmpty
    }

    /// Lends the resolver for some queries.
    func withResolver<Result: ~Copyable>(_ body: (inout sending DNSResolver) -> sending Result) -> sending Result {
        resolver.withLock(body)
    }

    /// What becomes of a query.
    public enum Outcome: Hashable, Sendable {
        /// It is answered.
        case reply([UInt8])
        /// Others have to be asked.
        case forward(ForwardedQuestion)
        /// There is nothing to say.
        case drop
    }

    /// Answers one query.
    public func respond(to query: [UInt8], over transport: DNSTransport) -> Outcome {
        var bytes = query + [UInt8](repeating: 0, count: max(0, Message.longest - query.count))
        let outcome = bytes.withUnsafeMutableBytes { buffer in
            resolver.withLock { $0.respond(in: buffer, queryLength: query.count, over: transport) }
        }
        switch outcome {
        case .reply(let length): return .reply(Array(bytes[..<length]))
        case .forward(let question): return .forward(question)
        case .drop: return .drop
        }
    }
}
