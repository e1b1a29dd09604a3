internal import Addressing
internal import Netlink
internal import Nftables

extension Operation {
    /// The commands that do the same by hand, each a line for a shell.
    public var commands: [String] {
        switch self {
        case .createNamespace(let name, let sysctls):
            ["ip netns add \(name)"] + sysctls.map { Self.command(in: name, $0) }
        case .shareNamespace(let name, let other):
            ["touch /run/netns/\(name)", "mount --bind /run/netns/\(other) /run/netns/\(name)"]
        case .removeNamespace(let name):
            ["ip netns delete \(name)"]
        case .writeSysctl(let name, let setting):
            [Self.command(in: name, setting)]
        case .addBridge, .addVXLAN, .addUplink, .removeLink, .setUp, .setMaster, .disableChecksumOffload:
            linkCommands
        case .addAddress(let name, let plan):
            [
                "ip -n \(name) address add \(plan.address) dev \(plan.link)\(plan.address.address.family == .ipv6 ? " nodad" : "")"
            ]
        case .removeAddress(let name, let plan):
            ["ip -n \(name) address delete \(plan.address) dev \(plan.link)"]
        case .replaceRoute(let name, let route):
            ["ip -n \(name) route replace \(Self.words(route))"]
        case .removeRoute(let name, let route):
            ["ip -n \(name) route delete \(Self.words(route))"]
        case .replaceNeighbor(let name, let plan):
            ["ip -n \(name) neighbor replace \(plan.address) lladdr \(plan.station) dev \(plan.link) nud permanent"]
        case .removeNeighbor(let name, let plan):
            ["ip -n \(name) neighbor delete \(plan.address) dev \(plan.link)"]
        case .replaceForwarding(let name, let plan):
            ["bridge -n \(name) fdb replace \(plan.station) dev \(plan.link) dst \(plan.remote) self permanent"]
        case .removeForwarding(let name, let plan):
            ["bridge -n \(name) fdb delete \(plan.station) dev \(plan.link) dst \(plan.remote) self"]
        case .replaceHostPorts(let name, let mappings):
            Self.hostPortCommands(in: name, mappings)
        }
    }

    private var linkCommands: [String] {
        switch self {
        case .addBridge(let name, let plan):
            [
                "ip -n \(name) link add name \(plan.name) address \(plan.station) mtu \(plan.mtu) up"
                    + " type bridge forward_delay 0 stp_state 0 mcast_snooping 0"
            ]
        case .addVXLAN(let name, let plan):
            [
                "ip -n \(name) link add name \(plan.name) address \(plan.station) mtu \(plan.mtu) up"
                    + " type vxlan id \(plan.settings.identifier) local \(plan.settings.local)"
                    + " dstport \(plan.settings.port) nolearning"
            ]
        case .addUplink(let far, let plan):
            [
                "ip -n \(plan.owner) link add name \(plan.port) address \(plan.portStation)"
                    + " mtu \(plan.mtu) numtxqueues 1 numrxqueues 1 master \(plan.bridge) up"
                    + " type veth peer name \(plan.interface) address \(plan.station) mtu \(plan.mtu)"
                    + " numtxqueues 1 numrxqueues 1 netns \(far)",
                "ip -n \(plan.owner) link property add dev \(plan.port) altname \(plan.alternativeName)",
            ]
        case .removeLink(let name, let link): ["ip -n \(name) link delete \(link)"]
        case .setUp(let name, let link): ["ip -n \(name) link set \(link) up"]
        case .setMaster(let name, let link, let bridge): ["ip -n \(name) link set \(link) master \(bridge)"]
        case .disableChecksumOffload(let name, let link): ["ip netns exec \(name) ethtool -K \(link) tx off"]
        default: []
        }
    }

    private static func command(in namespace: String, _ setting: SysctlSetting) -> String {
        let flag = setting.isOptional ? "-e -q" : "-q"
        return "ip netns exec \(namespace) sysctl \(flag) -w \(setting.name)=\(setting.value)"
    }

    private static func words(_ route: RoutePlan) -> String {
        let destination = route.destination.prefixLength == 0 ? "default" : route.destination.description
        let family = route.destination.family == .ipv6 && destination == "default" ? "::/0" : destination
        let via = route.gateway.map { " via \($0)" } ?? ""
        return "\(family)\(via) dev \(route.link)\(route.isOnLink ? " onlink" : "") proto boot"
    }

    private static func hostPortCommands(in namespace: String, _ mappings: [HostPortMapping]) -> [String] {
        AddressFamily.allCases.flatMap { family in
            HostPortRuleset(mappings).tables(for: family).map { table in
                "ip netns exec \(namespace) nft -f - <<'EOF'\n\(table)\nEOF"
            }
        }
    }
}
