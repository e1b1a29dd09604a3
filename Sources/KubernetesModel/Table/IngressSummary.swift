/// What `kubectl get ingresses` and `ingressclasses` say.
enum IngressSummary {
    /// Class, hosts, addresses and ports.
    static func cells(of ingress: APIObject) -> [String] {
        let hasTLS = !ingress.elements(at: "spec", "tls").isEmpty
        return [
            ingress["spec", "ingressClassName"]?.string ?? Labels.none, hosts(of: ingress),
            ServiceSummary.loadBalancerAddresses(of: ingress).joined(separator: ","), hasTLS ? "80, 443" : "80",
        ]
    }

    /// Three hosts, and how many more rules there are; `*` where there is none.
    private static func hosts(of ingress: APIObject) -> String {
        let rules = ingress.elements(at: "spec", "rules")
        var hosts: [String] = []
        for rule in rules {
            if hosts.count == 3 { return "\(hosts.joined(separator: ",")) + \(rules.count - 3) more..." }
            let host = rule.text(at: "host")
            if !host.isEmpty { hosts.append(host) }
        }
        return hosts.joined(separator: ",").or("*")
    }

    /// `Kind.group/name` of what configures a class, or `<none>`.
    static func parameters(ofClass ingressClass: APIObject) -> String {
        guard let parameters = ingressClass["spec", "parameters"], parameters.object != nil else { return Labels.none }
        let group = parameters.text(at: "apiGroup")
        let kind = parameters.text(at: "kind")
        return (group.isEmpty ? kind : "\(kind).\(group)") + "/" + parameters.text(at: "name")
    }
}
