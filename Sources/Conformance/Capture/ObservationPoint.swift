public import Addressing

/// A capture point with what a verdict has to know of it.
public struct ObservationPoint: Hashable, Sendable {
    /// Whose namespace it is in.
    public enum Owner: Hashable, Sendable {
        case pod
        case node
        case host
    }

    /// Its name for people: `pod/default/pod-a eth0`.
    public let name: String
    /// The name below /run/netns of the namespace that it is in.
    public let networkNamespace: String
    /// Whose namespace that is.
    public let owner: Owner
    /// The interface's Ethernet address. A frame that names another one on both sides only passed by, as a bridge floods.
    public let station: MACAddress?
    /// Whether it is the loopback.
    public let isLoopback: Bool

    /// Describes a point.
    public init(
        name: String, networkNamespace: String, owner: Owner, station: MACAddress?, isLoopback: Bool = false
    ) {
        self.name = name
        self.networkNamespace = networkNamespace
        self.owner = owner
        self.station = station
        self.isLoopback = isLoopback
    }
}
