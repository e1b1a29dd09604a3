/// Whom or what a probe dials, in a case's words.
///
/// | text | means |
/// |---|---|
/// | `service/web` | a Service of the case |
/// | `service/default/web` | a Service of a namespace |
/// | anything that a `ParticipantSelector` reads | pods, nodes or hosts |
///
/// Addresses that are written down stand under a key of their own.
public enum DestinationSelector: Hashable, Sendable {
    case participants(ParticipantSelector)
    case service(namespace: String?, name: String)
    /// An address, or a placeholder for one.
    case address(String)

    /// Reads a selector.
    public init?(_ text: String) {
        guard text.hasPrefix("service/") else {
            guard let selector = ParticipantSelector(text) else { return nil }
            self = .participants(selector)
            return
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        switch parts.count {
        case 2: self = .service(namespace: nil, name: parts[1])
        case 3: self = .service(namespace: parts[1], name: parts[2])
        default: return nil
        }
    }

    /// Whether it has addresses that a service proxy answers for.
    var isVirtual: Bool { if case .participants = self { false } else { true } }
}

extension DestinationSelector: CustomStringConvertible {
    /// The text for reports and messages.
    public var description: String {
        switch self {
        case .participants(let selector): "\(selector)"
        case .service(nil, let name): "service/\(name)"
        case .service(let namespace?, let name): "service/\(namespace)/\(name)"
        case .address(let text): text
        }
    }
}
