internal import Addressing
internal import DNSMessage

/// The names of a zone that are not a Service's own, and the places of names in the zone.
struct ZoneNames: Sendable {
    private let timeToLive: UInt32
    private let zone: NameBytes
    private let labelCount: Int
    private let services: NameBytes?
    private let pods: NameBytes?
    private let nameServerName: NameBytes?
    private let reverse: ReverseZones

    /// The version of the schema that the names follow.
    private static let schemaVersion = "1.1.0"

    init(_ settings: ClusterDNSSettings) {
        timeToLive = settings.timeToLive
        zone = NameBytes(settings.zone)
        labelCount = settings.zone.labels.count
        services = NameBytes("svc", below: zone)
        pods = settings.podRecords == .none ? nil : NameBytes("pod", below: zone)
        nameServerName = NameBytes("ns", "dns", below: zone)
        reverse = ReverseZones(settings.ranges)
    }

    /// The names that a zone without any object has.
    var fixed: [NameChange] {
        var version = RecordSet(.txt)
        version.append(timeToLive: timeToLive, [UInt8(Self.schemaVersion.utf8.count)] + Self.schemaVersion.utf8)
        var changes: [NameChange] = []
        if let name = NameBytes("dns-version", below: zone) {
            changes.append(change(name, NameAnswers(name: name.bytes, sets: [version])))
        }
        for name in [services, pods].compactMap(\.self) {
            changes.append(change(name, NameAnswers(name: name.bytes, sets: [])))
        }
        return changes
    }

    /// The zone's own name and that of its name server, whose addresses these are.
    func nameServer(at addresses: [IPAddress]) -> [NameChange] {
        guard let server = nameServerName else { return [] }
        var set = RecordSet(.ns)
        if let place = set.append(timeToLive: timeToLive, server.bytes) {
            let owner = Message.headerLength + zone.count + 4 + place
            set.append(additional: addresses, owner: owner, timeToLive: timeToLive)
        }
        let sets = RecordSet.addresses(addresses, timeToLive: timeToLive)
        return [
            change(zone, NameAnswers(name: zone.bytes, sets: [set])),
            change(server, NameAnswers(name: server.bytes, sets: sets)),
        ]
    }

    /// The name of a Service; nil where it would be none.
    func service(_ service: ServiceName) -> NameBytes? {
        services.flatMap { NameBytes(service.name, service.namespace, below: $0) }
    }

    func namespace(_ name: String, exists: Bool) -> [NameChange] {
        [services, pods].compactMap { $0.flatMap { NameBytes(name, below: $0) } }.map { name in
            change(name, exists ? NameAnswers(name: name.bytes, sets: []) : nil)
        }
    }

    func pod(_ namespace: String, _ address: IPAddress, exists: Bool) -> [NameChange] {
        let label = EndpointName.label(of: address)
        guard let name = pods.flatMap({ NameBytes(label, namespace, below: $0) }) else { return [] }
        let sets = RecordSet.addresses([address], timeToLive: timeToLive)
        return [change(name, exists ? NameAnswers(name: name.bytes, sets: sets) : nil)]
    }

    /// The reverse name of an address that leads to these names.
    func reverse(_ address: IPAddress, _ targets: [NameBytes]) -> NameChange {
        let name = DomainName(reverse: address).wire
        var set = RecordSet(.ptr)
        // A Service with an address twice, or an endpoint in two slices, counts once.
        for target in targets.count > 1 ? Set(targets).sorted() : targets {
            set.append(timeToLive: timeToLive, target.bytes)
        }
        return NameChange(
            name: name, answers: set.isEmpty ? nil : NameAnswers(name: name, sets: [set]),
            ancestors: reverse.levels(above: address))
    }

    /// A change of a name in the zone.
    func change(_ name: NameBytes, _ answers: NameAnswers?) -> NameChange {
        var labels = 0
        var place = 0
        while name.bytes[place] != 0 {
            labels += 1
            place += 1 + Int(name.bytes[place])
        }
        return NameChange(
            name: name.bytes, answers: answers, ancestors: UInt8(clamping: max(0, labels - labelCount - 1)))
    }
}
