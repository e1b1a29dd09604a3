internal import Addressing
internal import KubernetesModel

extension ServiceTracker {
    /// Works out what was noted since the last time.
    public mutating func takeChanges() -> ServiceChanges {
        var concerned = AddressClaims.Concerned()
        claims.reserve(pendingServices.count)
        for (name, service) in pendingServices {
            services[name, default: TrackedService()].read(service, settings.serviceRanges, &claims, &concerned)
        }
        var names = pendingSlices
        for name in pendingServices.keys { names.insert(name) }
        (pendingServices, pendingSlices) = ([:], [])

        var changes = ServiceChanges()
        for name in names {
            resolve(name, isHidden: concerned.hidden.contains(name), gatheringEndpoints: true, &changes)
        }
        for name in concerned.rivals.union(concerned.hidden) where !names.contains(name) {
            resolve(name, isHidden: concerned.hidden.contains(name), gatheringEndpoints: false, &changes)
        }
        changes.services.sort()
        changes.servicesWithOtherProblems.sort()
        return changes
    }

    private mutating func resolve(
        _ name: ServiceName, isHidden: Bool, gatheringEndpoints: Bool, _ changes: inout ServiceChanges
    ) {
        guard let difference = services[name]?.resolve(claims, gatheringEndpoints: gatheringEndpoints) else { return }
        if difference.ports || isHidden { changes.services.append(name) }
        if difference.problems { changes.servicesWithOtherProblems.append(name) }
        if difference.isForgotten { services[name] = nil }
    }
}

extension ServiceTracker.TrackedService {
    /// Puts a slice in the place of the one of its name, and says whether that changed anything.
    mutating func replace(_ slice: TrackedSlice) -> Bool {
        guard let index = slices.firstIndex(where: { $0.name == slice.name }) else {
            slices.append(slice)
            return true
        }
        guard slices[index] != slice else { return false }
        slices[index] = slice
        return true
    }

    /// Puts a Service's new ports in the place of the old ones.
    fileprivate mutating func read(
        _ service: Service?, _ serviceRanges: [CIDR], _ claims: inout AddressClaims,
        _ concerned: inout AddressClaims.Concerned
    ) {
        let read = service.map { ServicePorts($0, serviceRanges) }
        created = service?.creationTimestamp?.microseconds ?? .max
        wanted = read?.ports ?? []
        serviceProblems = read?.problems ?? []
        let wantedClaims = wantedClaims
        if !wantedClaims.elementsEqual(self.claims, by: { $0 == $1 }) {
            for (claim, claimant) in self.claims { claims.remove(claim, by: claimant, &concerned) }
            for (claim, claimant) in wantedClaims { claims.add(claim, by: claimant, &concerned) }
        }
        self.claims = wantedClaims
    }

    /// Gives the ports the addresses that they have got, and their endpoints; says what that changed, and whether nothing
    /// is left to remember.
    fileprivate mutating func resolve(
        _ claims: AddressClaims, gatheringEndpoints: Bool
    ) -> (ports: Bool, problems: Bool, isForgotten: Bool) {
        if gatheringEndpoints { sliceProblems = wanted.isEmpty ? [] : slices.problems }
        var problems = serviceProblems
        var ports = wanted
        for index in ports.indices {
            Self.withdrawTaken(&ports[index], claims, &problems)
            ports[index].endpoints =
                gatheringEndpoints
                ? slices.endpoints(of: ports[index].name, ports[index].family) : self.ports[index].endpoints
        }
        problems += sliceProblems
        let differences = (ports: ports != self.ports, problems: problems != self.problems)
        (self.ports, self.problems) = (ports, problems)
        return (differences.ports, differences.problems, ports.isEmpty && slices.isEmpty && problems.isEmpty)
    }

    /// Takes away what another port has.
    private static func withdrawTaken(
        _ port: inout ServicePort, _ claims: AddressClaims, _ problems: inout [ProxyProblem.Reason]
    ) {
        func owner(_ address: IPAddress) -> ServicePortName? {
            claims.owner(of: .address(VirtualAddress(address, port.transport, port.port)))
        }
        var taken: [IPAddress: ServicePortName] = [:]
        for address in port.serviceAddresses {
            if let other = owner(address), other != port.name { taken[address] = other }
        }
        if let number = port.nodePort,
            let other = claims.owner(of: .nodePort(port.family, port.transport, number)), other != port.name
        {
            port.nodePort = nil
            let problem = ProxyProblem.Reason.nodePortTaken(number, port.transport, by: other)
            if !problems.contains(problem) { problems.append(problem) }
        }
        guard !taken.isEmpty else { return }
        problems += taken.sorted { $0.key < $1.key }.map {
            .addressTaken(VirtualAddress($0.key, port.transport, port.port), by: $0.value)
        }
        if let clusterIP = port.clusterIP, taken[clusterIP] != nil { port.clusterIP = nil }
        port.externalIPs.removeAll { taken[$0] != nil }
        port.loadBalancerIPs.removeAll { taken[$0] != nil }
    }

    /// What the wanted ports ask for.
    private var wantedClaims: [(AddressClaim, AddressClaims.Claimant)] {
        var claims: [(AddressClaim, AddressClaims.Claimant)] = []
        for (index, port) in wanted.enumerated() {
            let claimant = AddressClaims.Claimant(port: port.name, created: created, index: index)
            for address in port.serviceAddresses {
                claims.append((.address(VirtualAddress(address, port.transport, port.port)), claimant))
            }
            if let nodePort = port.nodePort {
                claims.append((.nodePort(port.family, port.transport, nodePort), claimant))
            }
        }
        return claims
    }
}

extension ServicePort {
    /// All addresses besides the nodes' own, each once.
    var serviceAddresses: [IPAddress] {
        var addresses = clusterIP.map { [$0] } ?? []
        for address in externalIPs where !addresses.contains(address) { addresses.append(address) }
        for address in loadBalancerIPs where !addresses.contains(address) { addresses.append(address) }
        return addresses
    }
}
