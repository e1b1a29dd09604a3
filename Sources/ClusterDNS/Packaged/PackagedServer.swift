public import Addressing
internal import DNSMessage

/// A DNS server that others wrote, and how it is told a cluster's records.
///
/// What each cannot say is left out:
/// - dnsmasq has no zone, and so neither SOA nor NS: nothing says for how long a name is not there.
/// - unbound answers an alias without what it stands for where that is in the zone itself.
/// - knot asks nobody about names outside.
/// - CoreDNS follows the API itself, and makes its own records of it.
public struct PackagedServer: Hashable, Sendable {
    /// Which one.
    public enum Program: String, Hashable, Sendable, CaseIterable {
        case dnsmasq
        case unbound
        case knot
        case coredns
    }

    /// How it comes to know changed files.
    public enum Reload: Hashable, Sendable {
        /// It reads them at this signal.
        case signal(Int32)
        /// It has to be started again.
        case restart
        /// It needs none.
        case none
    }

    /// Which one.
    public let program: Program
    let settings: ClusterDNSSettings

    /// A server for what the settings say.
    public init(_ program: Program, _ settings: ClusterDNSSettings) {
        self.program = program
        self.settings = settings
    }

    /// The program's name.
    public var executable: String { program == .knot ? "knotd" : program.rawValue }

    /// What to install where it is missing.
    public var package: String { program == .dnsmasq ? "dnsmasq-base" : program.rawValue }

    /// The arguments that make it stay in the foreground, with its files in a directory.
    public func arguments(in directory: String) -> [String] {
        switch program {
        case .dnsmasq: ["--keep-in-foreground", "--conf-file=\(directory)/dnsmasq.conf"]
        case .unbound: ["-d", "-c", "\(directory)/unbound.conf"]
        case .knot: ["-c", "\(directory)/knot.conf"]
        case .coredns: ["-conf", "\(directory)/Corefile"]
        }
    }

    /// How it comes to know changed files.
    public var reload: Reload {
        switch program {
        case .dnsmasq: .restart
        case .unbound, .knot: .signal(1)
        case .coredns: .none
        }
    }

    /// Its files.
    ///
    /// - Parameters:
    ///   - addresses: those of its pod.
    ///   - directory: where the files are to be.
    ///   - serial: the zone's version, which has to grow with every change.
    /// - Returns: the contents by the files' names.
    public func files(
        _ records: ZoneRecords, addresses: [IPAddress], in directory: String, serial: UInt32
    ) -> [String: String] {
        switch program {
        case .dnsmasq: dnsmasq(records.all, addresses, directory)
        case .unbound: unbound(records.all, addresses, directory, serial)
        case .knot: knot(records.all, addresses, directory, serial)
        case .coredns: ["Corefile": corefile]
        }
    }

    // MARK: Zones

    /// The zones that the server is the authority for: the cluster's, and those of its addresses.
    var zones: [DomainName] { [settings.zone] + ReverseZones(settings.ranges).names }

    /// The SOA of a zone, but for its owner.
    func authority(_ serial: UInt32) -> String {
        let ttl = settings.timeToLive
        return "\(ttl) IN SOA ns.dns.\(settings.zone) hostmaster.\(settings.zone) \(serial) 7200 1800 86400 \(ttl)"
    }
}

extension ReverseZones {
    /// The names of the zones.
    var names: [DomainName] {
        var names: [DomainName] = []
        for range in ranges {
            let bits = range.family == .ipv4 ? 8 : 4
            let length = (range.prefixLength + bits - 1) / bits * bits
            let step = UInt128(1) << UInt128(range.family.bitWidth - length)
            for place in 0..<(1 << (length - range.prefixLength)) {
                guard let first = range.address(at: UInt128(place) * step) else { continue }
                var name = DomainName(reverse: first)
                for _ in 0..<(range.family.bitWidth - length) / bits { name = name.parent ?? name }
                if !names.contains(name) { names.append(name) }
            }
        }
        return names
    }
}

extension DomainName {
    /// The name without the dot at its end, as most programs' files have it.
    var withoutDot: String { isRoot ? "." : String(description.dropLast()) }
}
