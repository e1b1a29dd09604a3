import Addressing

/// A verdict over a step's probes together.
public struct GroupVerdict: Hashable, Sendable {
    /// What is checked, as a case's file names it.
    public var check: String
    /// Where the step stands in its file.
    public var keyPath: String
    /// Whether it holds; nil where that cannot be told.
    public var isMet: Bool?
    /// What was found, with the probability that a right network fails, or a wrong one passes, by chance.
    public var detail: String
}

/// Probes of one sender to one address with one protocol.
struct FlowGroup {
    /// What they have in common.
    struct Key: Hashable {
        let sender: Participant
        let dialled: Endpoint
        let kind: ProbeProtocol
        let entrance: Participant?

        init(_ flow: Flow) {
            sender = flow.sender
            dialled = flow.dialled
            kind = flow.kind
            entrance = flow.sender.node == nil ? flow.translator : nil
        }

        var text: String {
            "\(sender.shortName) > \(dialled) \(kind)" + (entrance.map { " through \($0.shortName)" } ?? "")
        }
    }

    let key: Key
    let verdicts: [FlowVerdict]

    /// The groups of a step, in the order of their first probes.
    static func groups(_ verdicts: [FlowVerdict]) -> [FlowGroup] {
        var order: [Key] = []
        var members: [Key: [FlowVerdict]] = [:]
        for verdict in verdicts {
            let key = Key(verdict.flow)
            if members[key] == nil { order.append(key) }
            members[key, default: []].append(verdict)
        }
        return order.map { FlowGroup(key: $0, verdicts: members[$0] ?? []) }
    }

    /// Who received, by how many probes.
    var counts: [String: Int] {
        Dictionary(verdicts.compactMap(\.deliveredTo).map { ($0, 1) }, uniquingKeysWith: +)
    }

    /// Who may receive.
    var receivers: Set<String> { Set(verdicts.flatMap(\.flow.receivers).map(\.participant.name)) }

    /// Whether every probe was delivered, so that counts say something.
    var isWhole: Bool { verdicts.allSatisfy { $0.deliveredTo != nil } }

    /// `a1 31, b1 29`.
    var countsText: String {
        let names = receivers.union(counts.keys).sorted()
        return names.map { "\($0.split(separator: "/").last ?? "") \(counts[$0] ?? 0)" }.joined(separator: ", ")
    }
}
