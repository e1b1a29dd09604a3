/// How a component of a lab does, as its supervisor tells.
public struct ComponentStatus: Hashable, Sendable, Codable {
    /// pod-network, service-proxy, dns, network-policy.
    public let role: String
    /// What fills the role.
    public let name: String
    /// What it has done so far, in words.
    public let status: String
    /// Whether it does its work.
    public let isHealthy: Bool
    /// What it could not do or passes over, one sentence each.
    public let problems: [String]
}
