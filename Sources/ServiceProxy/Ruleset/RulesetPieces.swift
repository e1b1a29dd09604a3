internal import Addressing
internal import Nftables

/// What a port of a Service contributes to a table.
struct RulesetPieces {
    /// Elements of sets.
    var sets: [(container: RulesetContainer, elements: [SetElement])] = []
    /// Elements of maps.
    var maps: [(container: RulesetContainer, elements: [MapElement])] = []
    /// Elements that other ports may contribute too, and that are in the table once.
    var shared: [SharedElement] = []
    /// Sets of the port's own.
    var ownSets: [NamedSet] = []
    /// Chains of the port's own, each behind those that it leads to.
    var chains: [Chain] = []
}

/// An element for an address that several ports may need.
struct SharedElement: Hashable, Sendable {
    let container: RulesetContainer
    let address: IPAddress

    /// The element: the address once for each field of the set's key.
    func element(comment: String?) -> SetElement {
        let value = Value.address(address)
        return SetElement(container == .hairpin ? [value, value] : [value], comment: comment)
    }
}

/// A way to put what nodes do into a table of one address family.
protocol RulesetLayout: Sendable {
    /// The family of the table.
    var family: AddressFamily { get }
    /// Whether ports contribute chains.
    var hasChains: Bool { get }
    /// What a port contributes.
    func pieces(of port: NodeServicePort) -> RulesetPieces
    /// Whose an element is that several ports need.
    func comment(on element: SharedElement, of port: NodeServicePort) -> String?
    /// The table without what ports contribute.
    ///
    /// - Parameter inUse: the sets and maps on demand that are needed.
    func frame(inUse: Set<RulesetContainer>, on node: ProxyNode) -> Table
}
