import Addressing
import Nftables

@testable import Netlink
@testable import Topology

/// A kernel that carries operations out as Linux does, and refuses those that Linux would refuse.
///
/// It knows namespaces by number and names, as mounts do: a namespace ends with its last name. What Linux does some time
/// later, when a namespace has ended, is held against the plan: until `settle()` the names of the ports that are going
/// cannot be used again.
struct PlanSimulation {
    /// Why an operation was refused.
    struct Refusal: Error, CustomStringConvertible {
        let operation: Operation?
        let description: String
    }

    /// A network namespace and what only the kernel knows of it.
    struct Space {
        var state = NamespaceState()
        var hostPorts: [HostPortMapping] = []
        /// For each veth end the place of the other.
        var peers: [String: End] = [:]
        /// Interfaces that were made while IPv6 was disabled for new ones.
        var withoutIPv6: Set<String> = []
        var nextIndex: Int32 = 2
        /// Names of interfaces whose other end has just gone with its namespace.
        var going: Set<String> = []
        var alternativeNames: [String: String] = [:]
    }

    struct End: Hashable {
        let inode: UInt64
        let name: String
    }

    var names: [String: UInt64] = [:]
    var spaces: [UInt64: Space] = [:]
    private var nextInode: UInt64 = 1000

    /// What the tool would observe: all namespaces that the plans name.
    func observed(_ plans: [LabPlan]) -> [String: NamespaceState] {
        var states: [String: NamespaceState] = [:]
        for plan in plans.flatMap(\.namespaces) where states[plan.name] == nil {
            guard let inode = names[plan.name], let space = spaces[inode] else { continue }
            var state = plan.sharedWith == nil ? space.state : NamespaceState()
            state.inode = inode
            state.hostPortFamilies = Set(space.hostPorts.map(\.podAddress.family))
            let settings = Set(plan.sysctls.map(\.name))
            state.sysctls = state.sysctls.filter { settings.contains($0.key) }
            for setting in settings where state.sysctls[setting] == nil { state.sysctls[setting] = "default" }
            states[plan.name] = state
        }
        return states
    }

    /// Lets the kernel finish with namespaces that have ended.
    mutating func settle() {
        for inode in spaces.keys { spaces[inode]?.going = [] }
    }

    mutating func perform(_ operations: some Sequence<Operation>) throws {
        for operation in operations { try perform(operation) }
    }

    mutating func perform(_ operation: Operation) throws {
        do {
            try carryOut(operation)
        } catch let refusal as Refusal {
            throw Refusal(operation: operation, description: "\(operation.summary): \(refusal.description)")
        }
    }

    func require(_ condition: Bool, _ reason: String) throws {
        guard condition else { throw Refusal(operation: nil, description: reason) }
    }

    func inode(of name: String) throws -> UInt64 {
        guard let inode = names[name], spaces[inode] != nil else {
            throw Refusal(operation: nil, description: "there is no namespace \(name)")
        }
        return inode
    }

    private mutating func carryOut(_ operation: Operation) throws {
        switch operation {
        case .createNamespace(let name, let sysctls):
            try require(names[name] == nil, "the name is taken")
            names[name] = makeSpace()
            for setting in sysctls { try write(setting, in: name) }
        case .shareNamespace(let name, let other):
            try require(names[name] == nil, "the name is taken")
            names[name] = try inode(of: other)
        case .removeNamespace(let name):
            let inode = try inode(of: name)
            names[name] = nil
            if !names.values.contains(inode) { end(inode) }
        case .writeSysctl(let name, let setting): try write(setting, in: name)
        case .replaceHostPorts(let name, let mappings):
            spaces[try inode(of: name)]?.hostPorts = mappings
        case .addBridge, .addVXLAN, .addUplink, .removeLink, .setUp, .setMaster, .disableChecksumOffload:
            try changeLink(operation)
        default:
            try changeTables(operation)
        }
    }

    mutating func makeSpace() -> UInt64 {
        nextInode += 1
        var space = Space()
        var loopback = Link(index: 1, name: "lo")
        loopback.mtu = 65536
        space.state.interfaces["lo"] = .init(link: loopback, bridge: nil, hasChecksumOffload: false)
        spaces[nextInode] = space
        return nextInode
    }

    private mutating func write(_ setting: SysctlSetting, in name: String) throws {
        spaces[try inode(of: name)]?.state.sysctls[setting.name] = setting.value
    }

    /// The namespace's interfaces go, and with them the other ends of its veths.
    mutating func end(_ inode: UInt64) {
        guard let space = spaces.removeValue(forKey: inode) else { return }
        for peer in space.peers.values where spaces[peer.inode] != nil {
            spaces[peer.inode]?.going.insert(peer.name)
            forget(peer)
        }
    }

    /// An interface disappears with everything that belongs to it.
    mutating func forget(_ end: End) {
        guard var space = spaces[end.inode] else { return }
        space.state.remove(link: end.name)
        space.peers[end.name] = nil
        space.withoutIPv6.remove(end.name)
        space.alternativeNames[end.name] = nil
        spaces[end.inode] = space
    }
}
