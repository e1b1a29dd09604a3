internal import Addressing
internal import DNSMessage

/// The names that a Service has, and the answers to each: the Kubernetes DNS-based service discovery specification
/// 1.1.0, sections 2.3 to 2.5.
struct ServicePublication {
    /// The Service's own name and those of its ports.
    private(set) var names: [NameBytes: NameAnswers] = [:]
    /// The addresses whose reverse names lead to the Service's own.
    private(set) var addresses: [IPAddress] = []
    /// The endpoints of a headless Service, each of which has a name, in their order.
    private(set) var endpoints: [EndpointName] = []

    private let name: NameBytes
    private let timeToLive: UInt32

    /// Nothing, as for a Service that does not exist.
    init(_ name: NameBytes, timeToLive: UInt32) {
        self.name = name
        self.timeToLive = timeToLive
    }

    init(
        _ name: NameBytes, _ service: ServiceFacts, _ slices: some Collection<SliceFacts>, timeToLive: UInt32
    ) {
        self.init(name, timeToLive: timeToLive)
        switch service.kind {
        case .alias(let target): publish(alias: target)
        case .addresses(let addresses): publish(addresses, service.ports)
        case .headless(let includesUnready): publishEndpoints(of: slices, includesUnready)
        }
    }

    private mutating func publish(alias target: String) {
        guard let target = DomainName(target) else { return }
        var set = RecordSet(.cname)
        set.append(timeToLive: timeToLive, target.wire)
        names[name] = NameAnswers(name: name.bytes, sets: [set])
    }

    private mutating func publish(_ addresses: [IPAddress], _ ports: [NamedPort]) {
        guard !addresses.isEmpty else { return }
        self.addresses = addresses
        names[name] = NameAnswers(name: name.bytes, sets: RecordSet.addresses(addresses, timeToLive: timeToLive))
        for (labels, ports) in Dictionary(grouping: ports, by: \.labels) {
            guard let portName = NameBytes(labels: labels, below: name) else { continue }
            var set = RecordSet(.srv)
            for number in Set(ports.map(\.number)).sorted() {
                set.append(timeToLive: timeToLive, ServiceTarget.data(port: number, target: name))
            }
            // The Service's name is the end of the question's.
            let owner = Message.headerLength + portName.count - name.count
            set.append(additional: addresses, owner: owner, timeToLive: timeToLive)
            names[portName] = NameAnswers(name: portName.bytes, sets: [set])
        }
    }

    private mutating func publishEndpoints(of slices: some Collection<SliceFacts>, _ includesUnready: Bool) {
        var ports: [[String]: [UInt16: [EndpointName]]] = [:]
        for slice in slices {
            var ready: [EndpointName] = []
            for endpoint in slice.endpoints where includesUnready || endpoint.isReady {
                ready.append(EndpointName(address: endpoint.address, hostname: endpoint.hostname))
            }
            for port in slice.ports { ports[port.labels, default: [:]][port.number, default: []] += ready }
            endpoints += ready
        }
        // Without a ready endpoint there is no such name.
        guard !endpoints.isEmpty else { return }
        endpoints.sortOut()
        var addresses = endpoints.map(\.address)
        addresses.sort()
        addresses = addresses.indices.filter { $0 == 0 || addresses[$0] != addresses[$0 - 1] }.map { addresses[$0] }
        names[name] = NameAnswers(name: name.bytes, sets: RecordSet.addresses(addresses, timeToLive: timeToLive))
        for (labels, targets) in ports {
            guard let portName = NameBytes(labels: labels, below: name) else { continue }
            let set = locations(of: targets, at: portName)
            if !set.isEmpty { names[portName] = NameAnswers(name: portName.bytes, sets: [set]) }
        }
    }

    /// The SRV records of a headless Service's port: every endpoint by every number that the port has there.
    private func locations(of targets: [UInt16: [EndpointName]], at portName: NameBytes) -> RecordSet {
        var set = RecordSet(.srv)
        let start = Message.headerLength + portName.count + 4
        /// Where in the message the name of each target is.
        var owners: [(target: ArraySlice<EndpointName>, place: Int)] = []
        for (number, endpoints) in targets.sorted(by: { $0.key < $1.key }) {
            var endpoints = endpoints
            endpoints.sortOut()
            for group in endpoints.byLabel {
                guard let label = group.first?.label, let target = NameBytes(label, below: name) else { continue }
                let data = ServiceTarget.data(port: number, target: target)
                guard let place = set.append(timeToLive: timeToLive, data) else { return set }
                owners.append((group, start + place + ServiceTarget.nameOffset))
            }
        }
        // A target that is named again, for another number, has its addresses already.
        var told: Set<EndpointName> = []
        for (group, place) in owners {
            let new = targets.count == 1 ? Array(group) : group.filter { told.insert($0).inserted }
            set.append(additional: new.lazy.map(\.address), owner: place, timeToLive: timeToLive)
        }
        return set
    }
}

/// The data of an SRV record (RFC 2782). Endpoints are equal: one priority, one weight.
enum ServiceTarget {
    /// Where the target begins.
    static let nameOffset = 6

    static func data(port: UInt16, target: NameBytes) -> [UInt8] {
        [0, 0, 0, 100, UInt8(port >> 8), UInt8(port & 255)] + target.bytes
    }
}
