import Addressing
import KubernetesModel
import Nftables

/// Blocks of addresses of one family with their exceptions taken out, as ranges that neither overlap nor touch.
struct AddressRanges: Hashable {
    private(set) var ranges: [ClosedRange<UInt128>] = []

    /// The union of the blocks; each one's exceptions are taken out of that one only.
    init(_ peers: [NetworkPolicy.Peer], _ family: AddressFamily) {
        var found: [ClosedRange<UInt128>] = []
        for case .block(let block, let exceptions) in peers where block.family == family {
            found += Self.subtract(exceptions.filter { $0.family == family }, from: block)
        }
        ranges = found.joined()
    }

    private static func subtract(_ exceptions: [CIDR], from block: CIDR) -> [ClosedRange<UInt128>] {
        var rest: [ClosedRange<UInt128>] = []
        var next = block.network.number
        let last = block.last.number
        for exception in exceptions.sorted(by: { $0.network < $1.network }) {
            let (start, end) = (exception.network.number, exception.last.number)
            guard end >= next, start <= last else { continue }
            if start > next { rest.append(next...(start - 1)) }
            guard end < last else { return rest }
            next = end + 1
        }
        rest.append(next...last)
        return rest
    }

    /// The name of the set that holds them.
    var setName: String {
        var digest = NameDigest()
        for range in ranges { digest.add("\(range.lowerBound)-\(range.upperBound)") }
        return "blocks-\(digest.text)"
    }

    /// The set's elements.
    func elements(_ family: AddressFamily) -> [SetElement] {
        let zero = IPAddress.unspecified(family)
        return ranges.compactMap { range in
            guard let first = zero.advanced(by: range.lowerBound), let last = zero.advanced(by: range.upperBound)
            else { return nil }
            return SetElement([.address(first)], keyEnd: first == last ? nil : [.address(last)])
        }
    }
}

extension [ClosedRange<UInt128>] {
    /// The same numbers in as few ranges as can be.
    func joined() -> [ClosedRange<UInt128>] {
        var joined: [ClosedRange<UInt128>] = []
        for range in sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = joined.last, last.upperBound == .max || range.lowerBound <= last.upperBound + 1 {
                joined[joined.count - 1] = last.lowerBound...Swift.max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        return joined
    }
}
