public import Addressing

/// What became of a probe, told from the packets at both ends and from the server's answer.
public enum FlowOutcome: Hashable, Sendable {
    /// It reached a receiver with its addresses as they have to be there, and so did the answer where one belongs to it.
    /// By whom it was received, and from which source it came as the receiver saw it.
    case delivered(by: String, source: IPAddress)
    /// It was refused: with what, such as `RST`, and from where, such as `pod/default/pod-b eth0 (10.244.2.3)`.
    case refused(with: String, by: String)
    /// It, or its answer, was lost.
    case dropped(PacketLoss)
    /// Somebody who may not receive it got or answered it.
    case answeredByWrongPod(String)
    /// Its addresses or ports, or those of its answer, were changed on the way in a way that is not meant, or not changed
    /// where that is meant.
    case rewritten([Rewrite])
    /// It cannot be told, and why. Never a verdict over the network.
    case inconclusive(String)

    /// Every word that a failed flow may get.
    static let words = ["refused", "dropped", "wrong-pod", "rewritten"]

    /// The outcome in a word, for tables and machines.
    public var word: String {
        switch self {
        case .delivered: "delivered"
        case .refused: "refused"
        case .dropped: "dropped"
        case .answeredByWrongPod: "wrong-pod"
        case .rewritten: "rewritten"
        case .inconclusive: "inconclusive"
        }
    }

    /// Whether the outcome is what was expected; nil where that cannot be told.
    public func meets(_ expected: Expectation) -> Bool? {
        switch self {
        case .inconclusive: nil
        case .delivered: expected.outcomes.contains(.delivered)
        case .refused: expected.outcomes.contains(.refused)
        // What has reached a receiver was not kept from it, whoever stayed silent afterwards.
        case .dropped(let loss): expected.outcomes.contains(.dropped) && !loss.reachedReceiver
        case .answeredByWrongPod, .rewritten: false
        }
    }
}

extension FlowOutcome: CustomStringConvertible {
    /// The text for reports and messages.
    public var description: String {
        switch self {
        case .delivered(let receiver, let source): "delivered to \(receiver) from \(source)"
        case .refused(let how, let by): "refused with \(how) by \(by)"
        case .dropped(let loss): "\(loss)"
        case .answeredByWrongPod(let other): "went to \(other) instead"
        case .rewritten(let rewrites): "rewritten: " + rewrites.map(\.description).joined(separator: "; ")
        case .inconclusive(let reason): "inconclusive: \(reason)"
        }
    }
}

/// Where a packet was lost.
public struct PacketLoss: Hashable, Sendable, CustomStringConvertible {
    /// Whether it was the answer.
    public var isReply: Bool
    /// Where the packet was seen last; nil where it never left its sender.
    public var lastSeen: String?
    /// Whether the request had reached the receiver's interface.
    public var reachedReceiver: Bool
    /// Anything more that is known, such as what the sender's kernel said.
    public var detail: String?
    /// Whether the loss counts only where a later probe was answered, so that nothing can still be on its way.
    public var needsControl: Bool

    /// Describes a loss. One that was seen on its way needs a control.
    public init(
        isReply: Bool = false, lastSeen: String?, reachedReceiver: Bool, detail: String? = nil,
        needsControl: Bool? = nil
    ) {
        self.isReply = isReply
        self.lastSeen = lastSeen
        self.reachedReceiver = reachedReceiver
        self.detail = detail
        self.needsControl = needsControl ?? (lastSeen != nil)
    }

    /// The text for reports and messages.
    public var description: String {
        let what = isReply ? "the answer was lost" : "lost"
        let place = lastSeen.map { " after \($0)" } ?? " before it left its sender"
        return what + place + (detail.map { ": \($0)" } ?? "")
    }
}

/// A change of a packet's addresses or ports.
public struct Rewrite: Hashable, Sendable, CustomStringConvertible {
    /// Whether it was the answer that was changed.
    public var isReply: Bool
    /// Source and destination before.
    public var original: String
    /// Source and destination after.
    public var changed: String
    /// The last place where the packet was unchanged; nil where none saw it so.
    public var after: String?
    /// The first place where it was seen changed.
    public var at: String
    /// What had to become of the addresses instead; nil where that is plain.
    public var demand: String?

    /// Describes a change.
    public init(
        isReply: Bool = false, original: String, changed: String, after: String?, at: String, demand: String? = nil
    ) {
        self.isReply = isReply
        self.original = original
        self.changed = changed
        self.after = after
        self.at = at
        self.demand = demand
    }

    /// The text for reports and messages.
    public var description: String {
        let what = isReply ? "the answer's " : ""
        let place = after.map { "between \($0) and \(at)" } ?? "before \(at)"
        return "\(what)\(original) became \(changed) \(place)" + (demand.map { ": \($0)" } ?? "")
    }
}
