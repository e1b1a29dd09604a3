/// What is in a table of the kernel, counted: enough to see whether somebody else has changed it.
public struct TableOutline: Hashable, Sendable {
    /// The number of rules of each chain.
    public var chains: [String: Int]
    /// The number of elements of each set; rules' own sets are left out.
    public var sets: [String: Int]
    /// The number of elements of each map; rules' own maps are left out.
    public var maps: [String: Int]

    /// Makes an outline.
    public init(chains: [String: Int] = [:], sets: [String: Int] = [:], maps: [String: Int] = [:]) {
        self.chains = chains
        self.sets = sets
        self.maps = maps
    }
}
