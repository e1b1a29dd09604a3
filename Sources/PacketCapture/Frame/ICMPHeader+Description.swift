import Addressing

extension ICMPHeader {
    /// `echo request id 1 seq 2`, `port unreachable`
    var summary: String {
        switch body {
        case .echoRequest(let identifier, let sequence): "echo request id \(identifier) seq \(sequence)"
        case .echoReply(let identifier, let sequence): "echo reply id \(identifier) seq \(sequence)"
        case .neighbor(let target): "neighbor \(type == 135 ? "solicitation" : "advertisement") \(target)"
        case .error(let mtu): meaning + (mtu.map { " mtu \($0)" } ?? "")
        case .other, .missing: meaning
        }
    }

    /// What type and code mean, in the words of the RFCs; the numbers where they are uncommon.
    public var meaning: String {
        let known = family == .ipv4 ? Self.known4 : Self.known6
        return known[[type, code]] ?? "type \(type) code \(code)"
    }

    private static let known4: [[UInt8]: String] = [
        [3, 0]: "network unreachable", [3, 1]: "host unreachable", [3, 2]: "protocol unreachable",
        [3, 3]: "port unreachable", [3, 4]: "fragmentation needed", [3, 9]: "network administratively prohibited",
        [3, 10]: "host administratively prohibited", [3, 13]: "administratively prohibited",
        [5, 0]: "redirect network",
        [5, 1]: "redirect host", [8, 0]: "echo request", [0, 0]: "echo reply", [11, 0]: "time exceeded in transit",
        [11, 1]: "fragment reassembly time exceeded", [12, 0]: "parameter problem",
    ]

    private static let known6: [[UInt8]: String] = [
        [1, 0]: "no route to destination", [1, 1]: "administratively prohibited", [1, 2]: "beyond scope of source",
        [1, 3]: "address unreachable", [1, 4]: "port unreachable", [1, 5]: "source address failed policy",
        [1, 6]: "reject route", [2, 0]: "packet too big", [3, 0]: "hop limit exceeded",
        [3, 1]: "fragment reassembly time exceeded", [4, 0]: "parameter problem", [128, 0]: "echo request",
        [129, 0]: "echo reply", [133, 0]: "router solicitation", [134, 0]: "router advertisement",
        [135, 0]: "neighbor solicitation", [136, 0]: "neighbor advertisement", [143, 0]: "multicast listener report",
    ]
}
