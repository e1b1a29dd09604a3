import Addressing

extension Frame: CustomStringConvertible {
    /// One line, much as tcpdump writes it.
    public var description: String {
        var text = ""
        for tag in [ethernet?.outerTag, ethernet?.innerTag] {
            if let tag { text += "vlan \(tag.identifier) " }
        }
        switch network {
        case .arp(let message): text += message.description
        case .ip(let packet): return text + packet.description
        case .other: text += otherDescription
        case .missing: text += ethernet.map { "\($0.source) > \($0.destination)" } ?? "Ethernet"
        }
        return text + completeness.suffix
    }

    private var otherDescription: String {
        guard let ethernet else { return "Ethernet" }
        return
            "\(ethernet.source) > \(ethernet.destination) ethertype 0x\(String(ethernet.etherType.rawValue, radix: 16))"
    }
}

extension Completeness {
    fileprivate var suffix: String {
        switch self {
        case .complete: ""
        case .truncated: " (truncated)"
        case .malformed: " (malformed)"
        }
    }
}

extension ARPMessage: CustomStringConvertible {
    /// `ARP who-has 10.0.0.2 tell 10.0.0.1`, `ARP 10.0.0.2 is-at 02:00:00:00:00:01`
    public var description: String {
        switch operation {
        case 1: "ARP who-has \(target) tell \(sender)"
        case 2: "ARP \(sender) is-at \(senderHardware)"
        default: "ARP operation \(operation) from \(sender)"
        }
    }
}

extension IPPacket: CustomStringConvertible {
    /// `10.244.1.5:41234 > 10.244.2.3:8080 TCP [S] seq 1`, without the Ethernet header.
    public var description: String {
        if case .vxlan(_, let vxlan) = transport {
            // The inner frame says for itself that it is cut short.
            let outer = "VXLAN vni \(vxlan.networkIdentifier) \(header.source) > \(header.destination)"
            return "\(outer)\(fragmentSuffix) | \(vxlan.inner)"
        }
        return flow.description + transportSuffix + fragmentSuffix + completeness.suffix
    }

    private var transportSuffix: String {
        switch transport {
        case .tcp(let tcp): " \(tcp.summary)\(payloadLength > 0 ? " length \(payloadLength)" : "")"
        case .udp: " length \(payloadLength)"
        case .sctp(let sctp): sctp.firstChunk.map { " [\($0)]" } ?? ""
        case .icmp(let icmp): " \(icmp.summary)"
        case .icmpError(let icmp, let quoted): " \(icmp.summary) [\(quoted.flow)\(quoted.transportSuffix)]"
        case .vxlan, .ports, .fragment, .other, .missing: ""
        }
    }

    private var fragmentSuffix: String {
        guard header.isFragment else { return "" }
        let identification = header.identification ?? 0
        return " fragment id \(identification) offset \(header.fragmentOffset)\(header.moreFragments ? "+" : "")"
    }
}

extension TCPHeader {
    fileprivate var summary: String {
        var text = "[\(flags)] seq \(sequence)"
        if flags.contains(.ack) { text += " ack \(acknowledgement)" }
        return text
    }
}

extension TCPHeader.Flags: CustomStringConvertible {
    /// tcpdump's letters: S, F, R, P, U, E, W, and a dot for ACK.
    public var description: String {
        let letters: [(TCPHeader.Flags, String)] = [
            (.syn, "S"), (.fin, "F"), (.rst, "R"), (.psh, "P"), (.urg, "U"), (.ece, "E"), (.cwr, "W"), (.ack, "."),
        ]
        let text = letters.filter { contains($0.0) }.map(\.1).joined()
        return text.isEmpty ? "none" : text
    }
}
