public import Addressing

/// What resolv.conf(5) tells the resolver of a program.
public struct ResolverConfiguration: Hashable, Sendable {
    /// The name servers, in the order in which they are asked.
    public var nameServers: [IPAddress]
    /// The domains in which short names are looked for, in order.
    public var searches: [String]
    /// The options, each name once.
    public var options: [PodNaming.Option]

    /// Makes a configuration.
    public init(nameServers: [IPAddress] = [], searches: [String] = [], options: [PodNaming.Option] = []) {
        self.nameServers = nameServers
        self.searches = searches
        self.options = options
    }

    /// The file's contents. A configuration without name servers makes resolvers ask the pod's own loopback.
    public var text: String {
        var lines = searches.isEmpty ? [] : ["search " + searches.joined(separator: " ")]
        lines += nameServers.map { "nameserver \($0)" }
        if !options.isEmpty { lines.append("options " + options.map(\.description).joined(separator: " ")) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Reads a file's contents as the kubelet does: comments and what is unknown are left out, of several `search` lines
    /// the last counts, and a domain's dot at the end goes.
    public init(text: String) {
        self.init()
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard let key = words.first, !key.hasPrefix("#"), !key.hasPrefix(";") else { continue }
            switch key {
            case "nameserver": nameServers += words.dropFirst().prefix(1).compactMap { IPAddress($0) }
            case "search":
                searches = words.dropFirst().map {
                    $0.count > 1 && $0.hasSuffix(".") ? String($0.dropLast()) : String($0)
                }
            case "options": options = merged(with: words.dropFirst().map { PodNaming.Option($0) })
            default: continue
            }
        }
    }

    /// The options with further ones: one of a name that is there takes its place.
    private func merged(with further: [PodNaming.Option]) -> [PodNaming.Option] {
        further.reduce(into: options) { options, option in
            if let index = options.firstIndex(where: { $0.name == option.name }) {
                options[index] = option
            } else {
                options.append(option)
            }
        }
    }
}

/// How pods reach the cluster's DNS.
public struct ClusterResolver: Hashable, Sendable {
    /// The cluster's domain, such as `cluster.local`.
    public var domain: String
    /// The addresses of the DNS Service; none in a cluster without one.
    public var nameServers: [IPAddress]

    /// Makes a description.
    public init(domain: String, nameServers: [IPAddress]) {
        self.domain = domain
        self.nameServers = nameServers
    }
}

extension ResolverConfiguration {
    /// The most name servers that the kubelet gives a pod; glibc reads no more.
    public static let mostNameServers = 3
    /// The most search domains that the kubelet gives a pod (Kubernetes 1.28).
    public static let mostSearches = 32
    /// The most characters of all search domains with the spaces between them.
    public static let longestSearches = 2048

    /// The configuration of a pod, as the kubelet makes it.
    ///
    /// - Parameters:
    ///   - hostNetwork: whether the pod is in its node's network.
    ///   - node: the configuration of the node itself.
    /// - Returns: the configuration, and what had to be left out of it: the kubelet tells it in events of the reason
    ///   `DNSConfigForming`.
    public static func of(
        _ naming: PodNaming, namespace: String, hostNetwork: Bool, cluster: ClusterResolver, node: ResolverConfiguration
    ) -> (configuration: ResolverConfiguration, problems: [String]) {
        var configuration = ResolverConfiguration()
        switch naming.policy {
        case .none: break
        case .clusterFirst where !hostNetwork, .clusterFirstWithHostNet:
            let domain = cluster.domain
            configuration.nameServers = cluster.nameServers
            configuration.searches = ["\(namespace).svc.\(domain)", "svc.\(domain)", domain] + node.searches
            configuration.options = [PodNaming.Option("ndots", "5")]
        case .clusterFirst, .default: configuration = node
        }
        if let further = naming.configuration {
            configuration.nameServers += further.nameServers
            configuration.searches += further.searches
            configuration.options = configuration.merged(with: further.options)
        }
        configuration.nameServers = configuration.nameServers.withoutDuplicates
        configuration.searches = configuration.searches.withoutDuplicates
        let problems = configuration.limit()
        return (configuration, problems)
    }

    /// Leaves out what is too much; says what that was.
    private mutating func limit() -> [String] {
        var problems: [String] = []
        if nameServers.count > Self.mostNameServers {
            nameServers = Array(nameServers.prefix(Self.mostNameServers))
            problems.append(
                "more than \(Self.mostNameServers) name servers: used are "
                    + nameServers.map(\.description).joined(separator: " "))
        }
        var kept: [String] = []
        var length = 0
        for search in searches.prefix(Self.mostSearches) {
            length += search.utf8.count + (kept.isEmpty ? 0 : 1)
            guard length <= Self.longestSearches else { break }
            kept.append(search)
        }
        if kept.count < searches.count {
            problems.append(
                "more than \(Self.mostSearches) search domains or \(Self.longestSearches) characters: used are "
                    + kept.joined(separator: " "))
            searches = kept
        }
        return problems
    }
}

extension Array where Element: Hashable {
    /// Each element where it comes first.
    fileprivate var withoutDuplicates: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
