internal import Addressing
internal import KubernetesModel

/// What a port of a Service asks for, and only one can have.
enum AddressClaim: Hashable, Sendable {
    /// A ClusterIP, externalIP or load balancer's address with its port.
    case address(VirtualAddress)
    /// A port on the nodes' own addresses.
    case nodePort(AddressFamily, TransportProtocol, UInt16)
}

/// Who has which virtual address.
///
/// The API server gives an address and port to one Service; where two want one all the same (externalIPs are anybody's to
/// write), the older Service has it, then the one whose name comes first, so that every node decides alike, after a
/// restart too.
struct AddressClaims: Sendable {
    /// A port that asks, and since when.
    struct Claimant: Hashable, Sendable {
        let port: ServicePortName
        /// Microseconds since 1970, of the Service's creation.
        let created: Int64
        /// The port's place in its Service.
        let index: Int

        func precedes(_ other: Claimant) -> Bool {
            if created != other.created { return created < other.created }
            if port.service != other.port.service { return port.service < other.port.service }
            return index < other.index
        }
    }

    /// The Services that a change of claims concerns besides the claimant's.
    struct Concerned {
        /// Those that may have won or lost an address.
        var rivals: Set<ServiceName> = []
        /// Those whose node port is hidden, or is not any more, on nodes that have a Service's address themselves.
        var hidden: Set<ServiceName> = []
    }

    private var owners: [AddressClaim: Claimant] = [:]
    /// Those who want what another one has; hardly ever any.
    private var waiting: [AddressClaim: [Claimant]] = [:]

    /// Makes room for more claims.
    mutating func reserve(_ count: Int) {
        if count > owners.count { owners.reserveCapacity(owners.count + count) }
    }

    /// Who has it, or nil.
    func owner(of claim: AddressClaim) -> ServicePortName? { owners[claim]?.port }

    /// Takes a claim in.
    mutating func add(_ claim: AddressClaim, by claimant: Claimant, _ concerned: inout Concerned) {
        guard let owner = owners[claim] else {
            owners[claim] = claimant
            noteHidden(by: claim, &concerned)
            return
        }
        guard owner != claimant else { return }
        guard claimant.precedes(owner) else {
            waiting[claim, default: []].append(claimant)
            return
        }
        concerned.rivals.formUnion((waiting[claim] ?? []).map(\.port.service) + [owner.port.service])
        owners[claim] = claimant
        waiting[claim, default: []].append(owner)
    }

    /// Takes a claim back.
    mutating func remove(_ claim: AddressClaim, by claimant: Claimant, _ concerned: inout Concerned) {
        var others = waiting[claim] ?? []
        if owners[claim] == claimant {
            concerned.rivals.formUnion(others.map(\.port.service))
            let next = others.indices.min { others[$0].precedes(others[$1]) }
            owners[claim] = next.map { others.remove(at: $0) }
            if next == nil { noteHidden(by: claim, &concerned) }
        } else {
            others.removeAll { $0 == claimant }
        }
        waiting[claim] = others.isEmpty ? nil : others
    }

    /// On a node that has the address itself, a Service's address hides the node port of that number.
    private func noteHidden(by claim: AddressClaim, _ concerned: inout Concerned) {
        guard case .address(let address) = claim,
            let hidden = owner(of: .nodePort(address.address.family, address.transport, address.port))
        else { return }
        concerned.hidden.insert(hidden.service)
    }
}
