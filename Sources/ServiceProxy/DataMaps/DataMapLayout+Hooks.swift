internal import Nftables

extension DataMapLayout {
    /// Where packets enter. Source ranges are looked at before the destination is rewritten; what is refused or dropped is
    /// found behind that, by still having a virtual address.
    ///
    /// - Parameter isAnySticky: whether clients are to be remembered, which is when the destination is rewritten and the
    ///   source is not yet.
    func baseChains(isAnySticky: Bool) -> [Chain] {
        let isNew = Statement.match(.connectionState, .connectionState(.new))
        let sourceRanges = [Rule([isNew, .verdict(.jump("source-ranges"))])]
        let services = [Rule([.verdict(.jump("services"))])]
        let withoutEndpoints = Rule([isNew, .verdict(.jump("without-endpoints"))])
        let beforeNAT = BaseChain.Priority(rawValue: BaseChain.Priority.destinationNAT.rawValue - 10)
        let beforeSourceNAT = BaseChain.Priority(rawValue: BaseChain.Priority.sourceNAT.rawValue - 10)
        let isRewritten = Statement.match(.connectionStatus, .connectionStatus(.destinationNAT))
        let remember = isAnySticky ? [Rule([isNew, isRewritten, .verdict(.jump(Self.rememberChain))])] : []
        let unknown = rejectsUnknownPorts ? [Rule([isNew, .verdict(.jump("unknown-ports"))])] : []
        let unknownPorts =
            rejectsUnknownPorts
            ? [Chain("unknown-ports", rules: fields.rulesForUnknown(clusterIPs: .clusterIPs))] : []
        return unknownPorts + [
            Chain("prerouting-filter", base: BaseChain(.filter, .prerouting, beforeNAT), rules: sourceRanges),
            Chain("output-filter", base: BaseChain(.filter, .output, beforeNAT), rules: sourceRanges),
            Chain("prerouting-nat", base: BaseChain(.nat, .prerouting, .destinationNAT), rules: services),
            Chain("output-nat", base: BaseChain(.nat, .output, .destinationNAT), rules: services),
            Chain("input", base: BaseChain(.filter, .input, .filter), rules: remember + [withoutEndpoints]),
            Chain(
                "forward", base: BaseChain(.filter, .forward, .filter),
                rules: [PacketFields.dropInvalid, withoutEndpoints] + unknown),
            Chain("output", base: BaseChain(.filter, .output, .filter), rules: [withoutEndpoints] + unknown),
        ]
            + (isAnySticky
                ? [
                    Chain(
                        "postrouting-filter", base: BaseChain(.filter, .postrouting, beforeSourceNAT), rules: remember)
                ] : []) + [
                Chain("postrouting-nat", base: BaseChain(.nat, .postrouting, .sourceNAT), rules: postrouting)
            ]
    }

    private var postrouting: [Rule] {
        let isRewritten = Statement.match(.connectionStatus, .connectionStatus(.destinationNAT))
        return [
            Rule([
                isRewritten, .matchMark(bits: PacketFields.masqueradeMark, isSet: true),
                .clearMark(bits: PacketFields.masqueradeMark), .masqueradeFullyRandom,
            ]),
            Rule(
                [
                    isRewritten, .lookup([fields.source, fields.destination], set: RulesetContainer.hairpin.name),
                    .masqueradeFullyRandom,
                ], comment: "an endpoint that reaches itself"),
        ]
    }
}

extension PacketFields {
    /// A TCP segment out of the window keeps the pod's address, which the client does not know: it would answer with a
    /// reset, and the connection would be gone.
    static let dropInvalid = Rule(
        [
            .match(.transportProtocol, .transportProtocol(6)),
            .match(.connectionState, .connectionState(.invalid)), .verdict(.drop),
        ], comment: "out of the window: not translated back")
}
