internal import Addressing

extension LabSpec {
    /// The spec with the pods that objects of the API have brought into a lab, as far as they fit it: a new lab file
    /// leaves them alone. Pods of that kind in this spec itself are left out: where they are now is for the lab to say.
    ///
    /// - Parameter applied: what the lab was last built to.
    public func keepingAPIPods(of applied: LabSpec?) -> LabSpec {
        var spec = self
        spec.pods.removeAll(where: \.isFromAPI)
        var names = Set(spec.pods.map(\.qualifiedName))
        var addresses = Set(spec.pods.flatMap { $0.hostNetwork ? [] : $0.address })
        let nodes = Dictionary(spec.nodes.map { ($0.name, $0) }) { first, _ in first }
        for pod in applied?.pods ?? [] where pod.isFromAPI {
            guard let node = nodes[pod.node], names.insert(pod.qualifiedName).inserted else { continue }
            if pod.hostNetwork {
                guard pod.address == node.address else { continue }
            } else {
                let fits = pod.address.allSatisfy { address in
                    !addresses.contains(address) && node.podCIDR.contains { $0.contains(address) }
                }
                guard fits, pod.address.map(\.family) == cluster.families else { continue }
                addresses.formUnion(pod.address)
            }
            spec.pods.append(pod)
        }
        return spec
    }
}
