import Addressing
import KubernetesModel

/// What the Endpoints of a Service should have: addresses with the same ports in one subset, in a settled order.
struct EndpointSubsets {
    /// How many addresses there are at most.
    static let capacity = 1_000

    private struct Subset {
        var ready: [Address] = []
        var notReady: [Address] = []
        var ports: [EndpointSlice.Port]
    }

    private struct Address {
        let ip: String
        let pod: Pod
        let hostname: String?
    }

    /// The subsets, as the API writes them.
    let value: JSONValue
    /// Whether there are more addresses than fit in.
    let isTruncated: Bool

    /// Works out the subsets from the pods that a Service selects.
    init(of service: Service, pods: [Pod], capacity: Int = EndpointSubsets.capacity) {
        let family = service.ipFamilies.first ?? .ipv4
        var subsets: [[EndpointSlice.Port]: Subset] = [:]
        for pod in pods where !pod.isTerminal && (!pod.isTerminating || service.publishesNotReadyAddresses) {
            guard let ip = pod.podIPs.first(where: { $0.family == family }) else { continue }
            let ports = DesiredEndpoints.ports(of: service, on: pod).sorted(by: Self.isBefore)
            guard !ports.isEmpty || (service.isHeadless && service.ports.isEmpty) else { continue }
            let address = Address(
                ip: ip.description, pod: pod, hostname: DesiredEndpoints.hostname(of: pod, in: service))
            if pod.isReady || service.publishesNotReadyAddresses {
                subsets[ports, default: Subset(ports: ports)].ready.append(address)
            } else {
                subsets[ports, default: Subset(ports: ports)].notReady.append(address)
            }
        }
        var ordered = subsets.sorted { $0.key.lexicographicallyPrecedes($1.key, by: Self.isBefore) }.map(\.value)
        for index in ordered.indices {
            ordered[index].ready.sort { ($0.ip, $0.pod.uid) < ($1.ip, $1.pod.uid) }
            ordered[index].notReady.sort { ($0.ip, $0.pod.uid) < ($1.ip, $1.pod.uid) }
        }
        isTruncated = Self.truncate(&ordered, to: capacity)
        value = .array(ordered.map(Self.value))
    }

    private static func isBefore(_ one: EndpointSlice.Port, _ other: EndpointSlice.Port) -> Bool {
        (one.name, one.number ?? 0, one.transport.rawValue) < (other.name, other.number ?? 0, other.transport.rawValue)
    }

    /// Leaves out what is too much: addresses that are not ready first, and each subset in proportion.
    private static func truncate(_ subsets: inout [Subset], to capacity: Int) -> Bool {
        let ready = subsets.map(\.ready.count)
        let notReady = subsets.map(\.notReady.count)
        let readyTotal = ready.reduce(0, +)
        guard readyTotal + notReady.reduce(0, +) > capacity else { return false }
        let keptReady = shares(ready, of: min(capacity, readyTotal))
        let keptNotReady = shares(notReady, of: max(capacity - readyTotal, 0))
        for index in subsets.indices {
            subsets[index].ready.removeLast(ready[index] - keptReady[index])
            subsets[index].notReady.removeLast(notReady[index] - keptNotReady[index])
        }
        subsets.removeAll { $0.ready.isEmpty && $0.notReady.isEmpty }
        return true
    }

    /// Shares a total in proportion to counts, none of them exceeded.
    private static func shares(_ counts: [Int], of total: Int) -> [Int] {
        let sum = counts.reduce(0, +)
        guard sum > total else { return counts }
        var shares = counts.map { $0 * total / sum }
        var left = total - shares.reduce(0, +)
        for index in counts.indices where left > 0 && shares[index] < counts[index] {
            shares[index] += 1
            left -= 1
        }
        return shares
    }

    private static func value(_ subset: Subset) -> JSONValue {
        var fields: [String: JSONValue] = [:]
        if !subset.ready.isEmpty { fields["addresses"] = .array(subset.ready.map(value)) }
        if !subset.notReady.isEmpty { fields["notReadyAddresses"] = .array(subset.notReady.map(value)) }
        if !subset.ports.isEmpty {
            fields["ports"] = .array(
                subset.ports.map { port in
                    var value = port.value
                    if port.name.isEmpty { value["name"] = nil }
                    return value
                })
        }
        return .object(fields)
    }

    private static func value(_ address: Address) -> JSONValue {
        var fields: [String: JSONValue] = ["ip": .string(address.ip)]
        fields["hostname"] = address.hostname.map { .string($0) }
        fields["nodeName"] = address.pod.nodeName.map { .string($0) }
        fields["targetRef"] = EndpointSlice.TargetReference(address.pod).value
        return .object(fields)
    }
}
