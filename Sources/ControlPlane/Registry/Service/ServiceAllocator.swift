import Addressing
import KubernetesModel

/// Gives Services their addresses and ports, or refuses those that they ask for.
struct ServiceAllocator: Sendable {
    /// The pools by the family's name, `IPv4` or `IPv6`.
    let addresses: [String: AddressPool]
    /// The family of Services that name none.
    let defaultFamily: String
    let ports: PortPool

    init(_ settings: ClusterSettings) {
        addresses = Dictionary(
            settings.serviceCIDRs.map { ($0.family.description, AddressPool($0)) }, uniquingKeysWith: { one, _ in one })
        defaultFamily = settings.serviceCIDRs.first?.family.description ?? "IPv4"
        ports = PortPool(range: settings.nodePorts)
    }

    /// Fills in what a Service is to have. Nothing is taken yet: that follows when the Service is stored.
    ///
    /// - Parameters:
    ///   - service: a Service whose families are settled.
    ///   - old: the Service as it is stored, or nil.
    ///   - reservations: what is free.
    /// - Throws: `APIStatus` (422) where an address or port cannot be had, 500 where none is left.
    func allocate(
        _ service: APIObject, replacing old: APIObject?, _ reservations: PendingReservations
    ) throws(APIStatus) -> APIObject {
        var spec = ServiceSpec(service)
        let before = old.map { ServiceSpec($0) }
        try allocateAddresses(&spec, replacing: before, reservations)
        if spec.needsNodePorts { try allocateNodePorts(&spec, replacing: before, reservations) }
        if spec.needsHealthCheckNodePort { try allocateHealthCheckNodePort(&spec, replacing: before, reservations) }
        return spec.object
    }

    // MARK: Addresses

    private func allocateAddresses(
        _ spec: inout ServiceSpec, replacing old: ServiceSpec?, _ reservations: PendingReservations
    ) throws(APIStatus) {
        guard spec.needsClusterIP, !spec.isHeadless else { return }
        let mine = old.map { HeldResources(of: $0.object).addresses } ?? []
        var addresses = spec.clusterIPs
        for (index, family) in spec.ipFamilies.enumerated() {
            if index == addresses.count { addresses.append("") }
            guard index < addresses.count else { break }
            if addresses[index].isEmpty {
                let address = self.addresses[family]?.next { reservations.isUnclaimed($0) && !mine.contains($0) }
                guard let address else { throw .internalError("failed to allocate a serviceIP: range is full") }
                addresses[index] = address.description
            } else if let address = IPAddress(ofAPI: addresses[index]), !mine.contains(address) {
                try check(address, spec, reservations)
            }
        }
        spec.clusterIPs = addresses
        spec.clusterIP = addresses.first ?? ""
    }

    private func check(
        _ address: IPAddress, _ spec: ServiceSpec, _ reservations: PendingReservations
    ) throws(APIStatus) {
        func refusal(_ why: String) -> APIStatus {
            .invalid(
                .services, name: spec.object.name,
                [
                    .invalid(
                        "spec.clusterIPs", .array(spec.clusterIPs.map { .string($0) }),
                        "failed to allocate IP \(address): \(why)")
                ])
        }
        guard let pool = addresses[address.family.description], pool.contains(address) else {
            let ranges = addresses[address.family.description]?.block.description ?? "not configured on this cluster"
            throw refusal("provided IP is not in the valid range. The range of valid IPs is \(ranges)")
        }
        guard reservations.isFree(address) else { throw refusal("provided IP is already allocated") }
    }

    // MARK: Ports

    /// Entries of one port number that differ in their protocol share a node port, such as DNS over TCP and UDP.
    private func allocateNodePorts(
        _ spec: inout ServiceSpec, replacing old: ServiceSpec?, _ reservations: PendingReservations
    ) throws(APIStatus) {
        let ports = spec.ports
        let mine = old.map { HeldResources(of: $0.object).ports } ?? []
        var used = Set(ports.map(\.nodePort).filter { $0 != 0 })
        if spec.healthCheckNodePort != 0 { used.insert(spec.healthCheckNodePort) }
        for (index, entry) in ports.enumerated() where entry.nodePort != 0 {
            let others = ports[..<index].filter { $0.nodePort == entry.nodePort }
            let isShared =
                others.contains { old != nil || $0.port == entry.port }
                && others.allSatisfy { $0.protocol != entry.protocol }
            if isShared || others.isEmpty && mine.contains(entry.nodePort) { continue }
            try check(entry.nodePort, isTaken: !others.isEmpty, at: index, spec, reservations)
        }
        guard spec.allocatesNodePorts else { return }
        var given = ports.filter { $0.nodePort != 0 }
        for (index, entry) in ports.enumerated() where entry.nodePort == 0 {
            var entry = entry
            let sibling = given.first { $0.port == entry.port }
            let isTwice = given.contains { $0.nodePort == sibling?.nodePort && $0.protocol == entry.protocol }
            if let sibling, !isTwice {
                entry.nodePort = sibling.nodePort
            } else {
                let free = self.ports.next { reservations.isUnclaimed($0) && !used.contains($0) && !mine.contains($0) }
                guard let free else { throw .internalError("failed to allocate a nodePort: range is full") }
                entry.nodePort = free
                used.insert(free)
            }
            given.append(entry)
            spec.setNodePort(entry.nodePort, at: index)
        }
    }

    private func check(
        _ port: UInt16, isTaken: Bool, at index: Int, _ spec: ServiceSpec, _ reservations: PendingReservations
    ) throws(APIStatus) {
        let why: String
        if !ports.range.contains(port) {
            why =
                "provided port is not in the valid range. The range of valid ports is "
                + "\(ports.range.lowerBound)-\(ports.range.upperBound)"
        } else if isTaken || !reservations.isFree(port) {
            why = "provided port is already allocated"
        } else {
            return
        }
        throw .invalid(
            .services, name: spec.object.name, [.invalid("spec.ports[\(index)].nodePort", .integer(Int64(port)), why)])
    }

    private func allocateHealthCheckNodePort(
        _ spec: inout ServiceSpec, replacing old: ServiceSpec?, _ reservations: PendingReservations
    ) throws(APIStatus) {
        let mine = old.map { HeldResources(of: $0.object).ports } ?? []
        let used = Set(spec.ports.map(\.nodePort))
        let port = spec.healthCheckNodePort
        if port == 0 {
            let free = ports.next { reservations.isUnclaimed($0) && !used.contains($0) && !mine.contains($0) }
            guard let free else { throw .internalError("failed to allocate a HealthCheck NodePort: range is full") }
            spec.healthCheckNodePort = free
            return
        }
        if mine.contains(port), !used.contains(port) { return }
        guard ports.range.contains(port) else {
            throw .internalError(
                "failed to allocate requested HealthCheck NodePort \(port): provided port is not in the valid range. "
                    + "The range of valid ports is \(ports.range.lowerBound)-\(ports.range.upperBound)")
        }
        guard !used.contains(port), reservations.isFree(port) else {
            throw .internalError(
                "failed to allocate requested HealthCheck NodePort \(port): provided port is already allocated")
        }
    }
}
