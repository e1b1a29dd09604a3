import KubernetesModel

/// A way to write a port down, from the API's point of view.
struct PortForm {
    /// Its part of ids.
    let id: String
    /// Its part of titles.
    let words: String
    /// The behaviours that it shows.
    let proves: [String]
    /// The NetworkPolicyPort.
    let value: JSONValue

    /// No protocol or one of the three, by no port, a number or a name.
    static let all: [PortForm] = ([nil] + TransportProtocol.allCases).flatMap { (transport: TransportProtocol?) in
        [
            PortForm("all", "all ports", ["G11"], .port(nil, transport), transport),
            PortForm("81", "port 81", ["G11"], .port(81, transport), transport),
            PortForm("name", "the port serve-81-tcp", ["G11"], .port("serve-81-tcp", transport), transport),
        ]
    }

    /// Names, of ports of UDP, SCTP and of none.
    static let names: [PortForm] = [
        PortForm("udp-name", "the port serve-81-udp", ["G11"], .port("serve-81-udp", .udp), .udp),
        PortForm("udp-name", "the port serve-81-udp", ["G13"], .port("serve-81-udp", .tcp), .tcp),
        PortForm("udp-name", "the port serve-81-udp", ["G13"], .port("serve-81-udp", nil), nil),
        PortForm("sctp-name", "the port serve-81-sctp", ["G11"], .port("serve-81-sctp", .sctp), .sctp),
        PortForm("sctp-name", "the port serve-81-sctp", ["G13"], .port("serve-81-sctp", .tcp), .tcp),
        PortForm("unserved-name", "a port that no pod has", ["G13"], .port("serve-nobody", .tcp), .tcp),
        PortForm("82", "port 82", ["G11"], .port(82, .tcp), .tcp),
        PortForm("80", "port 80", ["G11"], .port(80, .tcp), .tcp),
        PortForm("80", "port 80", ["G11"], .port(80, .udp), .udp),
    ]

    private init(
        _ port: String, _ words: String, _ proves: [String], _ value: JSONValue, _ transport: TransportProtocol?
    ) {
        let isOther = port == "name" && (transport == .udp || transport == .sctp)
        id = "\(transport?.rawValue.lowercased() ?? "nil")-\(port)"
        self.words = "\(words) of \(transport?.rawValue ?? "no protocol, which is TCP")"
        self.proves = (isOther ? ["G13"] : proves) + (transport == .sctp ? ["G26"] : [])
        self.value = value
    }
}
