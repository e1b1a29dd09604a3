internal import Topology

/// Gives pods a network and takes it away, in a lab that is built.
protocol PodNetworking: Sendable {
    /// Makes pods come and go, all in one change.
    ///
    /// - Returns: each new pod with its node and addresses, in order, or why it has none.
    func change(adding manifests: [PodManifest], removing names: Set<String>) async -> [Result<PodSpec, any Error>]
}
