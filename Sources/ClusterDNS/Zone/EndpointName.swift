internal import Addressing

/// An endpoint of a headless Service by the first label of its name: its hostname or, where it has none, its address with
/// dashes, which no other endpoint of the Service has.
struct EndpointName: Hashable, Sendable {
    let label: String
    let address: IPAddress

    /// - Parameter hostname: what the slice says; what is no label counts as nothing.
    init(address: IPAddress, hostname: String?) {
        self.address = address
        if let hostname, (1...63).contains(hostname.utf8.count) {
            label = hostname
        } else {
            label = Self.label(of: address)
        }
    }

    /// An address as a label: 10-244-1-5, fd00--1.
    static func label(of address: IPAddress) -> String {
        guard case .v4(let ipv4) = address else {
            return String(decoding: "\(address)".utf8.map { $0 == 0x3a || $0 == 0x2e ? 0x2d : $0 }, as: UTF8.self)
        }
        return String(unsafeUninitializedCapacity: 15) { text in
            var count = 0
            for shift in stride(from: UInt32(24), through: 0, by: -8) {
                let number = UInt8(truncatingIfNeeded: ipv4.rawValue >> shift)
                for (limit, divisor) in [(100, 100), (10, 10), (0, 1)] as [(UInt8, UInt8)] where number >= limit {
                    text[count] = 48 + number / divisor % 10
                    count += 1
                }
                if shift > 0 {
                    text[count] = UInt8(ascii: "-")
                    count += 1
                }
            }
            return count
        }
    }
}

extension EndpointName: Comparable {
    /// By label, then by address.
    static func < (left: EndpointName, right: EndpointName) -> Bool {
        left.label == right.label ? left.address < right.address : left.label < right.label
    }
}

extension [EndpointName] {
    /// Sorts, and leaves each endpoint once.
    mutating func sortOut() {
        sort()
        var kept = 0
        for index in indices where index == 0 || self[index] != self[kept - 1] {
            self[kept] = self[index]
            kept += 1
        }
        removeLast(count - kept)
    }

    /// The endpoints of a sorted list by their labels.
    var byLabel: [ArraySlice<EndpointName>] {
        var groups: [ArraySlice<EndpointName>] = []
        groups.reserveCapacity(count)
        var start = 0
        for index in indices where index + 1 == count || self[index + 1].label != self[start].label {
            groups.append(self[start...index])
            start = index + 1
        }
        return groups
    }
}
