import Addressing
import Netlink

/// Routes that the suite gives hosts outside the cluster for the time of a probe: to a Service's address through a node, as
/// a router before the cluster would have them.
actor Detours {
    private let watch: Watch
    private let threads: NamespaceThreads
    private var present: [(host: Participant, routes: [Route])] = []

    init(watch: Watch, threads: NamespaceThreads) {
        self.watch = watch
        self.threads = threads
    }

    /// Routes the dialled addresses of flows through a node, in their senders' namespaces; nil: as they are routed.
    func set(_ node: Participant?, for flows: [Flow]) async throws {
        guard let node else { return }
        for (sender, own) in Dictionary(grouping: flows, by: \.sender) {
            guard let survey = await watch.survey(of: sender) else { continue }
            let routes = Set(own.map(\.dialled.address)).compactMap { address -> Route? in
                guard let gateway = node.address(address.family), let link = survey.link(towards: gateway),
                    let block = CIDR(containing: address, prefixLength: address.family == .ipv4 ? 32 : 128)
                else { return nil }
                return Route(block, via: [Route.NextHop(gateway: gateway, link: link)])
            }
            present.append((sender, routes))
            try await perform(routes.map { .replace($0) }, in: sender)
        }
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
