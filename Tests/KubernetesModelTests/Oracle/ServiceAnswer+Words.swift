import Addressing
import KubernetesModel

extension ServiceCluster {
    /// What becomes of a flow in few words: `web1 web2, preserved`, `refused`, `dropped`, `plain`, or the key of a
    /// question that a profile has to answer.
    ///
    /// - Parameters:
    ///   - source: `client1` (a pod), `node1`, `outside` (handed to node3) or `outside@node1`.
    ///   - target: `10.96.0.10:80`, TCP where no `/UDP` follows.
    func flow(
        _ source: String, _ target: String, _ profile: ServiceProfile = [:]
    ) throws -> String {
        try oracle.answer(for: FlowTarget(parsing: target), from: FlowSource(parsing: source))
            .settled(by: profile).words
    }

    /// The sentence that explains it.
    func reason(_ source: String, _ target: String, _ profile: ServiceProfile = [:]) throws -> String {
        try oracle.answer(for: FlowTarget(parsing: target), from: FlowSource(parsing: source))
            .settled(by: profile).because
    }
}

extension ServiceAnswer {
    var words: String {
        switch outcome {
        case .notAService: "plain"
        case .refused: "refused"
        case .dropped: "dropped"
        case .either(let question, _): question.rawValue
        case .forwarded(let forwarding): forwarding.words
        }
    }
}

extension ServiceAnswer.Forwarding {
    fileprivate var words: String {
        let sources = Set(candidates.map(\.source))
        let names = candidates.map { candidate in
            let name = candidate.pod?.name ?? "\(candidate.address)"
            return sources.count == 1 ? name : "\(name) (\(candidate.source.words))"
        }
        let end = sources.count == 1 ? sources.first.map { ", \($0.words)" } ?? "" : ""
        return names.joined(separator: " ") + end
    }
}

extension ServiceAnswer.ObservedSource {
    fileprivate var words: String {
        switch self {
        case .preserved: "preserved"
        case .masqueraded: "masqueraded"
        case .either(let question): question.rawValue
        }
    }
}

extension FlowSource {
    /// Reads the name of a pod or node, or `outside` or `outside@NODE`, with the family of the target.
    init(parsing text: String, _ address: String = "192.168.1.100") throws {
        let parts = text.split(separator: "@").map(String.init)
        switch parts.first ?? "" {
        case "outside":
            guard let address = IPAddress(address) else { throw Unreadable(text: address) }
            self = .outside(address, through: parts.count > 1 ? parts[1] : "node3")
        case "outside6":
            self = try FlowSource(
                parsing: text.replacing("outside6", with: "outside"), "fd00:192:168:1::100")
        case let name where name.hasPrefix("node"): self = .node(name)
        case let name: self = .pod(namespace: "default", name: name)
        }
    }
}

extension FlowTarget {
    /// Reads `10.0.0.1:80`, `[fd00::1]:80/UDP`.
    init(parsing text: String) throws {
        let parts = text.split(separator: "/")
        guard let place = parts.first, let colon = place.lastIndex(of: ":"),
            let port = UInt16(place[place.index(after: colon)...]),
            let address = IPAddress(place[..<colon].replacing("[", with: "").replacing("]", with: "")),
            let transport = TransportProtocol(rawValue: parts.count > 1 ? String(parts[1]) : "TCP")
        else { throw Unreadable(text: text) }
        self.init(address, transport, port)
    }
}

/// A test that says what nobody can read.
struct Unreadable: Error {
    let text: String
}
