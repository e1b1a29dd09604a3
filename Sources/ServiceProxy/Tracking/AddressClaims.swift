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

    private var owners: [AddressClaim: Claimant] = [:]
    /// Those who want what another one has; hardly ever any.
    private var waiting: [AddressClaim: [Claimant]] = [:]

    /// Who has it, or nil.
    func owner(of claim: AddressClaim) -> ServicePortName? { owners[claim]?.port }

    /// Takes a claim in, and gives the Services other than the claimant's whose addresses that changes.
    mutating func add(_ claim: AddressClaim, by claimant: Claimant) -> [ServiceName] {
        guard let owner = owners[claim] else {
            owners[claim] = claimant
            return neighbours(of: claim)
        }
        guard owner != claimant else { return [] }
        guard claimant.precedes(owner) else {
            waiting[claim, default: []].append(claimant)
            return []
        }
        owners[claim] = claimant
        waiting[claim, default: []].append(owner)
        return [owner.port.service] + (waiting[claim] ?? []).map(\.port.service)
    }

    /// Takes a claim back, and gives the Services other than the claimant's whose addresses that changes.
    mutating func remove(_ claim: AddressClaim, by claimant: Claimant) -> [ServiceName] {
        var others = waiting[claim] ?? []
        guard owners[claim] == claimant else {
            others.removeAll { $0 == claimant }
            waiting[claim] = others.isEmpty ? nil : others
            return []
        }
        guard let next = others.indices.min(by: { others[$0].precedes(others[$1]) }) else {
            owners[claim] = nil
            return neighbours(of: claim)
        }
        let affected = others.map(\.port.service)
        owners[claim] = others.remove(at: next)
        waiting[claim] = others.isEmpty ? nil : others
        return affected
    }

    /// On a node that has the address itself, a Service's address hides the node port of that number.
    private func neighbours(of claim: AddressClaim) -> [ServiceName] {
        guard case .address(let address) = claim,
            let hidden = owner(of: .nodePort(address.address.family, address.transport, address.port))
        else { return [] }
        return [hidden.service]
    }
}
