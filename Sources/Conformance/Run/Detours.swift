import Addressing
import Netlink
import Topology

/// Routes that the suite gives hosts outside the cluster for the time of a probe: to a Service's address through a node, as
/// a router before the cluster would have them.
actor Detours {
    private let watch: Watch
    private let threads: NamespaceThreads
    private let nodes: [NodeSpec]
    private var present: [(host: Participant, routes: [Route])] = []

    init(watch: Watch, threads: NamespaceThreads, nodes: [NodeSpec]) {
        self.nodes = nodes
        self.watch = watch
        self.threads = threads
    }

    /// Routes the dialled addresses of flows through a node, in their senders' namespaces; nil: as they are routed.
    func set(_ node: Participant?, for flows: [Flow]) async throws {
        guard let node else { return }
        for (sender, own) in Dictionary(grouping: flows, by: \.sender) {
            guard let survey = await watch.survey(of: sender) else { continue }
            let routes = Set(own.map(\.dialled.address)).compactMap { address -> Route? in
                node.address(address.family).flatMap { Self.route(to: address, through: $0, survey) }
            }
            present.append((sender, routes))
            try await perform(routes.map { .replace($0) }, in: sender)
        }
    }

    /// Routes the receivers of flows from outside, and the senders of flows to there, through their own nodes.
    func set(_ flows: [TableFlow]) async throws {
        let crossing =
            flows.map { (host: $0.sender, inside: $0.receiver, family: $0.family) }
            + flows.map { (host: $0.receiver, inside: $0.sender, family: $0.family) }
        for (host, own) in Dictionary(grouping: crossing.filter { $0.host.node == nil }, by: \.host) {
            guard let survey = await watch.survey(of: host) else { continue }
            var routes: [IPAddress: Route] = [:]
            for (_, inside, family) in own {
                guard inside.hasOwnNetwork, let address = inside.address(family),
                    let node = nodes.first(where: { $0.name == inside.node }),
                    let gateway = node.address.first(where: { $0.family == family })
                else { continue }
                routes[address] = Self.route(to: address, through: gateway, survey)
            }
            let list = Array(routes.values)
            present.append((host, list))
            try await perform(list.map { .replace($0) }, in: host)
        }
    }

    private static func route(to address: IPAddress, through gateway: IPAddress, _ survey: NamespaceSurvey) -> Route? {
        guard let link = survey.link(towards: gateway),
            let block = CIDR(containing: address, prefixLength: address.family == .ipv4 ? 32 : 128)
        else { return nil }
        return Route(block, via: [Route.NextHop(gateway: gateway, link: link)])
    }

    /// Removes the routes again.
    func clear() async throws {
        for (host, routes) in present { try await perform(routes.map { .delete($0) }, in: host) }
        present = []
    }

    private func perform(_ requests: [NetlinkRequest], in host: Participant) async throws {
        let namespace = try await watch.namespace(of: host)
        _ = try await threads.forEach([requests], in: { _ in namespace }) { try RouteHandle().perform($0) }
    }
}

extension NamespaceSurvey {
    /// The interface on whose network an address is.
    fileprivate func link(towards address: IPAddress) -> Int32? {
        addresses.first { $0.address.cidr.contains(address) && !$0.address.address.isLoopback }?.link
    }
}
