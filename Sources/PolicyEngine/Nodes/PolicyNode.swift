public import Addressing

/// What of a Node matters.
public struct PolicyNode: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The ranges that the node's pods get their addresses from. Whatever has an address of them that no pod is known to
    /// have is neither reached nor heard: a pod whose policies are not there yet is never open. Without ranges such
    /// addresses are like outside ones.
    public let podRanges: [CIDR]
    /// All addresses of the node itself, its bridge's too: they tell its own established flows from others.
    public let addresses: [IPAddress]

    /// Describes a node.
    public init(name: String, podRanges: [CIDR] = [], addresses: [IPAddress] = []) {
        self.addresses = addresses
        self.name = name
        self.podRanges = podRanges
    }
}
