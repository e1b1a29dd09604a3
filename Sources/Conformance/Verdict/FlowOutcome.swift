public import Addressing

/// What became of a probe, told from the packets at both ends and from the server's answer.
public enum FlowOutcome: Hashable, Sendable {
    /// It reached the receiver with source and destination unchanged, and so did the answer where one belongs to it.
    /// By whom it was received, and from which source it came.
    case delivered(by: String, source: IPAddress)
    /// It was refused: with what, such as `RST`, and from where, such as `pod/default/pod-b eth0 (10.244.2.3)`.
    case refused(with: String, by: String)
    /// It, or its answer, was lost.
    case dropped(PacketLoss)
    /// Somebody else than the receiver got or answered it.
    case answeredByWrongPod(String)
    /// Its addresses or ports were changed on the way, or those of its answer.
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
    public func meets(_ expected: ExpectedOutcome) -> Bool? {
        switch (self, expected) {
        case (.inconclusive, _): nil
        case (.delivered, .delivered), (.refused, .refused): true
        // What has reached the receiver was not kept from it, whoever stayed silent afterwards.
        case (.dropped(let loss), .dropped): !loss.reachedReceiver
        default: false
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

    /// Describes a loss.
    public init(isReply: Bool = false, lastSeen: String?, reachedReceiver: Bool, detail: String? = nil) {
        self.isReply = isReply
        self.lastSeen = lastSeen
        self.reachedReceiver = reachedReceiver
        self.detail = detail
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

    /// Describes a change.
    public init(isReply: Bool = false, original: String, changed: String, after: String?, at: String) {
        self.isReply = isReply
        self.original = original
        self.changed = changed
        self.after = after
        self.at = at
    }

    /// The text for reports and messages.
    public var description: String {
        let what = isReply ? "the answer's " : ""
        let place = after.map { "between \($0) and \(at)" } ?? "before \(at)"
        return "\(what)\(original) became \(changed) \(place)"
    }
}

/// A flow with what became of it.
public struct FlowVerdict: Sendable {
    /// The flow.
    public var flow: Flow
    /// What was expected.
    public var expected: ExpectedOutcome
    /// What became of it.
    public var outcome: FlowOutcome
    /// The places that the request passed, in order, as the captures show it.
    public var path: [String]
    /// What else is worth knowing, such as a first attempt that was lost.
    public var notes: [String]
    /// Its packets, as indices into those that were judged, each with a comment.
    public var packets: [(index: Int, comment: String)]
    /// Whether the request has reached the receiver and nothing has come back yet: the server may only be slow.
    public var awaitsServer: Bool

    /// Whether the outcome is the expected one; nil where that cannot be told.
    public var isMet: Bool? { outcome.meets(expected) }
}
