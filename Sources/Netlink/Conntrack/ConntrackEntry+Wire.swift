internal import Addressing
internal import CLinux

extension ConntrackEntry {
    /// Reads an entry of a dump; nil for one without ports, one of another protocol than is asked for, and for any other
    /// message.
    init?(_ message: ReceivedMessage, of transport: UInt8? = nil) {
        guard message.type == NetlinkConstants.newConnection, message.payload.load(nfgenmsg.self) != nil else {
            return nil
        }
        var original: (tuple: ConntrackTuple, transportProtocol: UInt8)?
        var reply: ConntrackTuple?
        var (status, zone, identifier) = (UInt32(0), UInt16(0), UInt32?.none)
        for (type, value) in message.attributes(after: nfgenmsg.self) {
            switch type {
            case Int(CTA_TUPLE_ORIG.rawValue):
                original = ConntrackTuple.read(value)
                // It comes first: of a long table most need not be read any further.
                guard transport == nil || original?.transportProtocol == transport else { return nil }
            case Int(CTA_TUPLE_REPLY.rawValue): reply = ConntrackTuple.read(value)?.tuple
            case Int(CTA_STATUS.rawValue): status = value.load(UInt32.self).map(UInt32.init(bigEndian:)) ?? 0
            case Int(CTA_ZONE.rawValue): zone = value.load(UInt16.self).map(UInt16.init(bigEndian:)) ?? 0
            case Int(CTA_ID.rawValue): identifier = value.load(UInt32.self).map(UInt32.init(bigEndian:))
            default: break
            }
        }
        guard let original, let reply else { return nil }
        self.init(
            transportProtocol: original.transportProtocol, original: original.tuple, reply: reply, status: status,
            zone: zone, identifier: identifier)
    }
}

extension ConntrackTuple {
    /// Reads a direction and the protocol (enum ctattr_tuple); nil where there are no ports.
    fileprivate static func read(_ attribute: ArraySlice<UInt8>) -> (tuple: ConntrackTuple, transportProtocol: UInt8)? {
        var (source, destination) = (IPAddress?.none, IPAddress?.none)
        var (number, sourcePort, destinationPort) = (UInt8?.none, UInt16?.none, UInt16?.none)
        for (part, attributes) in Attributes(attribute) {
            for (type, value) in Attributes(attributes) {
                switch (part, type) {
                case (Int(CTA_TUPLE_IP.rawValue), Int(CTA_IP_V4_SRC.rawValue)),
                    (Int(CTA_TUPLE_IP.rawValue), Int(CTA_IP_V6_SRC.rawValue)):
                    source = IPAddress(bytes: value)
                case (Int(CTA_TUPLE_IP.rawValue), Int(CTA_IP_V4_DST.rawValue)),
                    (Int(CTA_TUPLE_IP.rawValue), Int(CTA_IP_V6_DST.rawValue)):
                    destination = IPAddress(bytes: value)
                case (Int(CTA_TUPLE_PROTO.rawValue), Int(CTA_PROTO_NUM.rawValue)): number = value.first
                case (Int(CTA_TUPLE_PROTO.rawValue), Int(CTA_PROTO_SRC_PORT.rawValue)):
                    sourcePort = value.load(UInt16.self).map(UInt16.init(bigEndian:))
                case (Int(CTA_TUPLE_PROTO.rawValue), Int(CTA_PROTO_DST_PORT.rawValue)):
                    destinationPort = value.load(UInt16.self).map(UInt16.init(bigEndian:))
                default: break
                }
            }
        }
        guard let source, let destination, let number, let sourcePort, let destinationPort else { return nil }
        let tuple = ConntrackTuple(
            source: source, sourcePort: sourcePort, destination: destination, destinationPort: destinationPort)
        return (tuple, number)
    }
}

extension NetlinkRequest {
    /// The connections of a family. `conntrack -L -f FAMILY`
    static func connections(_ family: AddressFamily) -> NetlinkRequest {
        NetlinkRequest(type: NetlinkConstants.getConnections) {
            $0.append(nfgenmsg(nfgen_family: family.number, version: 0, res_id: 0))
        }
    }

    /// Deletes a connection. `conntrack -D …`
    static func delete(_ entry: ConntrackEntry) -> NetlinkRequest {
        NetlinkRequest(type: NetlinkConstants.deleteConnection) { writer in
            writer.append(nfgenmsg(nfgen_family: entry.family.number, version: 0, res_id: 0))
            writer.nested(CTA_TUPLE_ORIG.rawValue, flagged: true) { $0.append(entry.original, entry.transportProtocol) }
            if entry.zone != 0 { writer.attribute(CTA_ZONE.rawValue, entry.zone.bigEndian) }
            if let identifier = entry.identifier { writer.attribute(CTA_ID.rawValue, identifier.bigEndian) }
        }
    }

    /// Deletes all connections of a family. `conntrack -F -f FAMILY`
    static func deleteConnections(_ family: AddressFamily) -> NetlinkRequest {
        NetlinkRequest(type: NetlinkConstants.deleteConnection) {
            // The kernel looks at the family where there is a version; else it deletes those of both (Linux 5.3).
            $0.append(nfgenmsg(nfgen_family: family.number, version: 1, res_id: 0))
        }
    }
}

extension MessageWriter {
    /// A direction (enum ctattr_tuple).
    fileprivate mutating func append(_ tuple: ConntrackTuple, _ transportProtocol: UInt8) {
        let isIPv4 = tuple.source.family == .ipv4
        nested(CTA_TUPLE_IP.rawValue, flagged: true) {
            $0.attribute((isIPv4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC).rawValue, bytes: tuple.source.bytes)
            $0.attribute((isIPv4 ? CTA_IP_V4_DST : CTA_IP_V6_DST).rawValue, bytes: tuple.destination.bytes)
        }
        nested(CTA_TUPLE_PROTO.rawValue, flagged: true) {
            $0.attribute(CTA_PROTO_NUM.rawValue, transportProtocol)
            $0.attribute(CTA_PROTO_SRC_PORT.rawValue, tuple.sourcePort.bigEndian)
            $0.attribute(CTA_PROTO_DST_PORT.rawValue, tuple.destinationPort.bigEndian)
        }
    }
}
