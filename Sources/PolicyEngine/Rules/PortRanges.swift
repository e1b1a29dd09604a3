import KubernetesModel
import Nftables

/// The numeric ports of a rule, as ranges by protocol that neither overlap nor touch.
struct PortRanges: Hashable {
    /// The ranges of each protocol number.
    let ranges: [[ClosedRange<UInt128>]]

    /// Joins the ports that are numbers.
    init(_ ports: [NetworkPolicy.Port]) {
        ranges = TransportProtocol.allCases.map { transport in
            ports.compactMap { port in
                switch port {
                case .all(transport): 0...UInt128(UInt16.max)
                case .range(transport, let numbers): UInt128(numbers.lowerBound)...UInt128(numbers.upperBound)
                default: nil
                }
            }.joined()
        }
    }

    /// Whether there is none.
    var isEmpty: Bool { ranges.allSatisfy(\.isEmpty) }

    /// The name of the set that holds them.
    var setName: String {
        var digest = NameDigest()
        for (transport, ranges) in zip(TransportProtocol.allCases, ranges) {
            for range in ranges { digest.add("\(transport.rawValue) \(range.lowerBound)-\(range.upperBound)") }
        }
        return "ports-\(digest.text)"
    }

    /// The set's elements.
    var elements: [SetElement] {
        zip(TransportProtocol.allCases, ranges).flatMap { transport, ranges in
            ranges.map { range in
                let field = Value.transportProtocol(transport.number)
                let (first, last) = (UInt16(range.lowerBound), UInt16(range.upperBound))
                return SetElement([field, .port(first)], keyEnd: [field, .port(last)])
            }
        }
    }
}

extension TransportProtocol {
    /// The number in IP headers (IPPROTO_*).
    var number: UInt8 {
        switch self {
        case .tcp: 6
        case .udp: 17
        case .sctp: 132
        }
    }
}
