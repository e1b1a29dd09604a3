import Addressing
import KubernetesModel

extension NodePolicyRuleset {
    /// Whether the rules as they are now would let a flow be opened at this node. With `EstablishedFlows.cut` the entries
    /// of all others are to be deleted from connection tracking after the commit, so that their next packets are judged
    /// as new ones.
    public func isAllowed(_ flow: EstablishedFlow) -> Bool {
        guard flow.source.family == flow.destination.family, flow.source != flow.destination,
            let contents = contents.first(where: { $0.family == flow.source.family })
        else { return true }
        let judge = FlowJudge(flow, contents)
        let isFromNode = node.addresses.contains(flow.source)
        let isToNode = node.addresses.contains(flow.destination)
        let passesEgress = isToNode && !settings.restrictsEgressToOwnNode || isFromNode || judge.passes(.egress)
        let passesIngress = isFromNode || isToNode || judge.passes(.ingress)
        return passesEgress && passesIngress
    }
}
