extension ServiceAnswer {
    /// The answer of one implementation: where several are right, the one that its profile names. Questions that the
    /// profile does not answer stay open.
    public func settled(by profile: ServiceProfile) -> ServiceAnswer {
        switch outcome {
        case .either(let question, let options):
            let options = options.map { Option(name: $0.name, answer: $0.answer.settled(by: profile)) }
            if let own = options.first(where: { $0.name == profile[question] }) { return own.answer }
            return ServiceAnswer(outcome: .either(question, options), because: because)
        case .forwarded(let forwarding):
            let settled = Forwarding(
                candidates: forwarding.candidates.map { $0.settled(by: profile) }, node: forwarding.node,
                affinitySeconds: forwarding.affinitySeconds)
            return ServiceAnswer(outcome: .forwarded(settled), because: because)
        case .notAService, .refused, .dropped: return self
        }
    }

    /// Several answers of which each is right, or the answer where they do not differ.
    static func either(_ question: ServiceQuestion, _ options: [Option], because: String) -> ServiceAnswer {
        if let first = options.first, options.allSatisfy({ $0.answer.outcome == first.answer.outcome }) {
            return first.answer
        }
        return ServiceAnswer(outcome: .either(question, options), because: because)
    }
}

extension ServiceAnswer.Candidate {
    fileprivate func settled(by profile: ServiceProfile) -> ServiceAnswer.Candidate {
        guard case .either(let question) = source else { return self }
        var candidate = self
        switch profile[question] {
        case "preserved": candidate.source = .preserved
        case "masqueraded": candidate.source = .masqueraded
        default: break
        }
        return candidate
    }
}
