public import Addressing
internal import CLinux

/// A permanent entry of the ARP or neighbour discovery table (`ip neighbor show nud permanent`).
///
/// Permanent entries are exempt from the garbage collection of the kernel's table, which holds 1,024 others for all
/// namespaces together.
public struct Neighbor: Hashable, Sendable {
    /// The interface's index.
    public var link: Int32
    /// The neighbour's IP address.
    public var address: IPAddress
    /// Its Ethernet address.
    public var linkLayerAddress: MACAddress

    /// Makes an entry.
    public init(link: Int32, address: IPAddress, linkLayerAddress: MACAddress) {
        self.link = link
        self.address = address
        self.linkLayerAddress = linkLayerAddress
    }
}

/// An entry of a VXLAN device's forwarding database: which remote host a station is behind (`bridge fdb show`).
public struct ForwardingEntry: Hashable, Sendable {
    /// The VXLAN device's index.
    public var link: Int32
    /// The station's Ethernet address.
    public var station: MACAddress
    /// The outer destination of frames for the station.
    public var remote: IPAddress

    /// Makes an entry.
    public init(link: Int32, station: MACAddress, remote: IPAddress) {
        self.link = link
        self.station = station
        self.remote = remote
    }
}

extension NetlinkRequest {
    /// Adds or replaces a permanent entry. `ip neighbor replace ADDRESS lladdr MAC dev DEV nud permanent`
    public static func replace(_ neighbor: Neighbor) -> NetlinkRequest {
        request(
            for: neighbor, type: NetlinkConstants.newNeighbor, flags: NetlinkConstants.create | NetlinkConstants.replace
        )
    }

    /// Removes an entry. `ip neighbor delete ADDRESS dev DEV`
    public static func delete(_ neighbor: Neighbor) -> NetlinkRequest {
        request(for: neighbor, type: NetlinkConstants.deleteNeighbor, flags: 0)
    }

    /// Adds or replaces a forwarding entry. `bridge fdb replace MAC dev DEV dst REMOTE self permanent`
    public static func replace(_ entry: ForwardingEntry) -> NetlinkRequest {
        request(
            for: entry, type: NetlinkConstants.newNeighbor, flags: NetlinkConstants.create | NetlinkConstants.replace)
    }

    /// Removes a forwarding entry. `bridge fdb delete MAC dev DEV dst REMOTE self`
    public static func delete(_ entry: ForwardingEntry) -> NetlinkRequest {
        request(for: entry, type: NetlinkConstants.deleteNeighbor, flags: 0)
    }

    private static func request(for neighbor: Neighbor, type: UInt16, flags: UInt16) -> NetlinkRequest {
        NetlinkRequest(type: type, flags: flags) {
            $0.append(entryHeader(family: neighbor.address.family.number, link: neighbor.link))
            $0.attribute(NDA_DST, address: neighbor.address)
            $0.attribute(NDA_LLADDR, station: neighbor.linkLayerAddress)
        }
    }

    private static func request(for entry: ForwardingEntry, type: UInt16, flags: UInt16) -> NetlinkRequest {
        NetlinkRequest(type: type, flags: flags) {
            var header = entryHeader(family: UInt8(AF_BRIDGE), link: entry.link)
            header.ndm_flags = UInt8(NTF_SELF)
            $0.append(header)
            $0.attribute(NDA_LLADDR, station: entry.station)
            $0.attribute(NDA_DST, address: entry.remote)
        }
    }

    fileprivate static func entryHeader(family: UInt8, link: Int32) -> ndmsg {
        var header = ndmsg()
        header.ndm_family = family
        header.ndm_ifindex = link
        header.ndm_state = UInt16(NUD_PERMANENT)
        return header
    }
}

extension RouteHandle {
    /// The permanent entries of both families. `ip neighbor show nud permanent`
    public func neighbors() throws(NetlinkError) -> [Neighbor] {
        try entries(family: UInt8(AF_UNSPEC)).compactMap(Neighbor.init)
    }

    /// The permanent forwarding entries of VXLAN devices. `bridge fdb show`
    public func forwardingEntries() throws(NetlinkError) -> [ForwardingEntry] {
        try entries(family: UInt8(AF_BRIDGE)).compactMap { entry in
            guard let remote = entry.destination, let station = entry.station else { return nil }
            return ForwardingEntry(link: entry.link, station: station, remote: remote)
        }
    }

    /// The permanent entries among the ones asked for, each looked up by itself. `ip neighbor get ADDRESS dev DEV`
    ///
    /// The kernel keeps one table for all namespaces, and a dump walks all of it: where that holds a hundred thousand
    /// entries, a hundred look-ups cost a thirtieth of a dump.
    public func neighbors(at places: [(link: Int32, address: IPAddress)]) throws(NetlinkError) -> [Neighbor] {
        let requests = places.map { place in
            NetlinkRequest(type: NetlinkConstants.getNeighbor) {
                var header = ndmsg()
                header.ndm_family = place.address.family.number
                header.ndm_ifindex = place.link
                $0.append(header)
                $0.attribute(NDA_DST, address: place.address)
            }
        }
        return try query(requests) { message in Entry(message).flatMap(Neighbor.init) }
    }

    fileprivate struct Entry {
        var family: UInt8
        var link: Int32
        var destination: IPAddress?
        var station: MACAddress?
    }

    private func entries(family: UInt8) throws(NetlinkError) -> [Entry] {
        let request = NetlinkRequest(type: NetlinkConstants.getNeighbor) {
            var header = NetlinkRequest.entryHeader(family: family, link: 0)
            header.ndm_state = 0
            $0.append(header)
        }
        return try dump(request) { Entry($0) }
    }
}

extension RouteHandle.Entry {
    /// A permanent entry; nil for any other message.
    fileprivate init?(_ message: ReceivedMessage) {
        guard message.type == NetlinkConstants.newNeighbor, let header = message.payload.load(ndmsg.self),
            header.ndm_state & UInt16(NUD_PERMANENT) != 0
        else { return nil }
        self.init(family: header.ndm_family, link: header.ndm_ifindex)
        for (type, value) in message.attributes(after: ndmsg.self) {
            switch type {
            case Int(NDA_DST): destination = IPAddress(bytes: value)
            case Int(NDA_LLADDR): station = MACAddress(bytes: value)
            default: break
            }
        }
    }
}

extension Neighbor {
    fileprivate init?(_ entry: RouteHandle.Entry) {
        guard entry.family != UInt8(AF_BRIDGE), let address = entry.destination, let station = entry.station else {
            return nil
        }
        self.init(link: entry.link, address: address, linkLayerAddress: station)
    }
}
