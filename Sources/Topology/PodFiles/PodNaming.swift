public import Addressing
public import KubernetesModel

/// What a pod says about names: its own, and how it finds others (core/v1 PodSpec). Absent fields have the API's defaults.
public struct PodNaming: Hashable, Sendable, Codable {
    /// Where the pod's resolver configuration comes from (`dnsPolicy`).
    public var policy: Policy = .clusterFirst
    /// What is added to that configuration (`dnsConfig`), or nil.
    public var configuration: Configuration?
    /// Names that its hosts file tells besides its own (`hostAliases`).
    public var hostAliases: [HostAlias] = []
    /// The name that it has instead of that of the object (`hostname`), or nil.
    public var hostname: String?
    /// The headless Service in whose name its own is (`subdomain`), or nil.
    public var subdomain: String?
    /// Whether its processes see the full name as the host name (`setHostnameAsFQDN`).
    public var usesFullHostname = false

    /// core/v1 DNSPolicy.
    public enum Policy: String, Hashable, Sendable, Codable, CaseIterable {
        /// The cluster's DNS, unless the pod is in its node's network.
        case clusterFirst = "ClusterFirst"
        /// The cluster's DNS, in its node's network too.
        case clusterFirstWithHostNet = "ClusterFirstWithHostNet"
        /// The node's own configuration.
        case `default` = "Default"
        /// Only what `dnsConfig` says.
        case none = "None"
    }

    /// core/v1 PodDNSConfig.
    public struct Configuration: Hashable, Sendable, Codable {
        /// Name servers.
        public var nameServers: [IPAddress]
        /// Domains in which short names are looked for.
        public var searches: [String]
        /// Options of the resolver (resolv.conf(5)).
        public var options: [Option]

        /// Makes a configuration.
        public init(nameServers: [IPAddress] = [], searches: [String] = [], options: [Option] = []) {
            self.nameServers = nameServers
            self.searches = searches
            self.options = options
        }
    }

    /// An option of the resolver, such as `ndots:5` or `rotate` (core/v1 PodDNSConfigOption).
    public struct Option: Hashable, Sendable, Codable {
        /// The option's name.
        public var name: String
        /// Its value, or nil for an option that has none.
        public var value: String?

        /// Makes an option.
        public init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }

        /// Reads it as resolv.conf has it: `name` or `name:value`.
        public init(_ text: some StringProtocol) {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            self.init(String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
        }
    }

    /// An address with names for it (core/v1 HostAlias).
    public struct HostAlias: Hashable, Sendable, Codable {
        /// The address.
        public var address: IPAddress
        /// Its names.
        public var names: [String]

        /// Makes an alias.
        public init(_ address: IPAddress, names: [String]) {
            self.address = address
            self.names = names
        }
    }

    /// The defaults.
    public init() {}

    /// Reads the `spec` of a Pod, which the API has validated: what is no address there is left out.
    public init(spec: JSONValue) {
        policy = spec["dnsPolicy"]?.string.flatMap { Policy(rawValue: $0) } ?? .clusterFirst
        configuration = spec["dnsConfig"].flatMap { $0.object == nil ? nil : Configuration($0) }
        hostAliases = (spec["hostAliases"]?.array ?? []).compactMap { alias in
            guard let address = alias["ip"]?.string.flatMap({ IPAddress($0) }) else { return nil }
            return HostAlias(address, names: (alias["hostnames"]?.array ?? []).compactMap(\.string))
        }
        hostname = spec["hostname"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        subdomain = spec["subdomain"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        usesFullHostname = spec["setHostnameAsFQDN"]?.bool ?? false
    }
}

extension PodNaming.Configuration {
    fileprivate init(_ value: JSONValue) {
        self.init(
            nameServers: (value["nameservers"]?.array ?? []).compactMap { $0.string.flatMap { IPAddress($0) } },
            searches: (value["searches"]?.array ?? []).compactMap(\.string),
            options: (value["options"]?.array ?? []).compactMap { option in
                option["name"]?.string.map { PodNaming.Option($0, option["value"]?.string) }
            })
    }
}

extension PodNaming.Option: CustomStringConvertible {
    /// As resolv.conf has it.
    public var description: String { value.map { "\(name):\($0)" } ?? name }
}
