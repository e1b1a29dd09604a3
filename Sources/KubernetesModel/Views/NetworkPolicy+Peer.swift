public import Addressing

extension NetworkPolicy {
    /// Who may be at the other end (networking/v1 NetworkPolicyPeer).
    public enum Peer: Hashable, Sendable {
        /// Pods that match `pods`, or all where that is nil, in the namespaces that match `namespaces`, or in the
        /// policy's own where that is nil. Not both are nil.
        case pods(LabelSelector?, namespaces: LabelSelector?)
        /// Addresses in a block, those in its exceptions taken out.
        case block(CIDR, except: [CIDR])
        /// Nobody: what stands there is no peer.
        case malformed

        init(_ value: JSONValue) {
            let pods = Self.selector(value["podSelector"])
            let namespaces = Self.selector(value["namespaceSelector"])
            if let block = value["ipBlock"], !block.isNull {
                self = pods == nil && namespaces == nil ? Self.block(block) : .malformed
            } else {
                self = pods == nil && namespaces == nil ? .malformed : .pods(pods, namespaces: namespaces)
            }
        }

        /// An empty selector is one that means everything; an absent one is none.
        private static func selector(_ value: JSONValue?) -> LabelSelector? {
            value.flatMap { $0.object == nil ? nil : LabelSelector($0) }
        }

        private static func block(_ value: JSONValue) -> Peer {
            let exceptions = (value["except"]?.array ?? []).map { $0.string.flatMap { CIDR(ofAPI: $0) } }
            let readable = exceptions.compactMap(\.self)
            guard let block = value["cidr"]?.string.flatMap({ CIDR(ofAPI: $0) }),
                readable.count == exceptions.count
            else { return .malformed }
            return .block(block, except: readable)
        }
    }

    /// Ports of a flow's destination (networking/v1 NetworkPolicyPort).
    public enum Port: Hashable, Sendable {
        /// All ports of a protocol.
        case all(TransportProtocol)
        /// The ports between two, both included.
        case range(TransportProtocol, ClosedRange<UInt16>)
        /// The port that the destination pod calls so.
        case named(TransportProtocol, String)
        /// None: what stands there is no port.
        case malformed

        init(_ value: JSONValue) {
            guard let transport = Self.transport(value["protocol"]) else {
                self = .malformed
                return
            }
            let end = value["endPort"].flatMap { $0.isNull ? nil : $0 }
            switch value["port"] {
            case nil, .null: self = end == nil ? .all(transport) : .malformed
            case .string(let name): self = end == nil ? .named(transport, name) : .malformed
            case .integer(let number):
                guard let first = UInt16(exactly: number), let last = Self.last(end, from: first), first <= last else {
                    self = .malformed
                    return
                }
                self = .range(transport, first...last)
            default: self = .malformed
            }
        }

        /// TCP where nothing is said, and nil where it is a protocol that the API does not know.
        private static func transport(_ value: JSONValue?) -> TransportProtocol? {
            value.nonEmptyString.map { TransportProtocol(rawValue: $0) } ?? .tcp
        }

        private static func last(_ end: JSONValue?, from first: UInt16) -> UInt16? {
            guard let end else { return first }
            return end.integer.flatMap { UInt16(exactly: $0) }
        }
    }
}
