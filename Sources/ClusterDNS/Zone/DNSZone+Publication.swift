internal import Addressing
internal import DNSMessage

extension DNSZone {
    /// Notes what one Service's names become.
    mutating func publish(
        _ service: ServiceName, from old: ServiceState, to new: ServiceState,
        _ changedAddresses: inout [IPAddress]
    ) {
        guard let name = names.service(service) else { return }
        let before = publication(name, old)
        let after = publication(name, new)
        for (key, answers) in after.names where before.names[key] != answers {
            pending.append(names.change(key, answers))
        }
        for key in before.names.keys where after.names[key] == nil { pending.append(names.change(key, nil)) }
        for address in before.addresses { removePointer(from: address, to: name, &changedAddresses) }
        for address in after.addresses { addPointer(from: address, to: name, &changedAddresses) }
        publishEndpoints(of: name, from: before.endpoints, to: after.endpoints, &changedAddresses)
        if service == ServiceName(settings.nameServer) { pending += names.nameServer(at: after.addresses) }
    }

    private func publication(_ name: NameBytes, _ state: ServiceState) -> ServicePublication {
        guard let facts = state.facts else { return ServicePublication(name, timeToLive: settings.timeToLive) }
        return ServicePublication(name, facts, state.slices.values, timeToLive: settings.timeToLive)
    }

    private mutating func publishEndpoints(
        of service: NameBytes, from old: [EndpointName], to new: [EndpointName],
        _ changedAddresses: inout [IPAddress]
    ) {
        var before = old.byLabel[...]
        var after = new.byLabel[...]
        while let label = [before.first?.first?.label, after.first?.first?.label].compactMap(\.self).min() {
            let gone = before.first?.first?.label == label ? before.removeFirst() : []
            let come = after.first?.first?.label == label ? after.removeFirst() : []
            guard gone != come, let name = NameBytes(label, below: service) else { continue }
            for endpoint in gone { removePointer(from: endpoint.address, to: name, &changedAddresses) }
            for endpoint in come { addPointer(from: endpoint.address, to: name, &changedAddresses) }
            let sets = RecordSet.addresses(come.lazy.map(\.address), timeToLive: settings.timeToLive)
            pending.append(names.change(name, come.isEmpty ? nil : NameAnswers(name: name.bytes, sets: sets)))
        }
    }

    private mutating func addPointer(from address: IPAddress, to name: NameBytes, _ changed: inout [IPAddress]) {
        pointers[address, default: []].append(name)
        changed.append(address)
    }

    private mutating func removePointer(from address: IPAddress, to name: NameBytes, _ changed: inout [IPAddress]) {
        guard let index = pointers[address]?.firstIndex(of: name) else { return }
        pointers[address]?.remove(at: index)
        if pointers[address]?.isEmpty == true { pointers[address] = nil }
        changed.append(address)
    }
}
