/// What a batch of changed objects means for proxies.
public struct ServiceChanges: Hashable, Sendable {
    /// The Services whose ports, endpoints or addresses are others than before, those included that win or lose an address
    /// through another Service. In their order.
    public internal(set) var services: [ServiceName] = []
    /// The Services whose problems are others than before. In their order.
    public internal(set) var servicesWithOtherProblems: [ServiceName] = []

    /// Whether proxies have nothing to do.
    public var isEmpty: Bool { services.isEmpty }
}
