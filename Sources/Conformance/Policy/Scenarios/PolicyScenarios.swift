import KubernetesModel

/// Temporary: one scenario.
enum PolicyScenarios {
    static func cases(directory: String) -> [ConformanceCase] {
        var policy = APIObject(.networkPolicies, namespace: "lab-conformance-x", name: "deny")
        policy["spec"] = ["podSelector": [:], "policyTypes": ["Ingress"]]
        var steps: [CaseStep] = []
        for i in 0..<20 {
            steps.append(.policy(PolicyStep([.apply(policy)], keyPath: "step[\(2*i)]", nodesSend: i == 0)))
            steps.append(.policy(PolicyStep([.delete(ObjectKey(.networkPolicies, namespace: "lab-conformance-x", name: "deny"))], keyPath: "step[\(2*i+1)]")))
        }
        var needs = LabNeeds()
        needs.networkPolicy = true
        needs.nodes = 2
        return [ConformanceCase(id: "policy/try", proves: ["G1"], title: "try", source: nil, leavesOpen: nil, level: .required, needs: needs, pods: ["\(directory)/fixtures/policy-pods.yaml"], steps: steps, file: "policy/try")]
    }
}
