/// What a service proxy does wrong on purpose, so that the conformance suite can be held to the test: it must find each.
enum ProxyFault: String, CaseIterable, Sendable {
    // Addresses
    case masqueradesAlways = "masquerades-always"
    case masqueradesNever = "masquerades-never"
    case forgetsHairpin = "forgets-hairpin"

    // Ports and addresses of Services
    case ignoresTargetPort = "ignores-target-port"
    case ignoresSecondPort = "ignores-second-port"
    case ignoresUDP = "ignores-udp"
    case ignoresSCTP = "ignores-sctp"
    case ignoresExternalIPs = "ignores-external-ips"
    case readsLeadingZerosAsOctal = "reads-leading-zeros-as-octal"
    case ignoresLoadBalancerIPs = "ignores-load-balancer-ips"
    case ignoresIPMode = "ignores-ip-mode"
    case ignoresProxyName = "ignores-proxy-name"
    case servesNodePortsOnOneNode = "node-port-on-one-node"
    case keepsDeletedServices = "keeps-deleted-services"
    case keepsOldPorts = "keeps-old-ports"

    // Endpoints
    case usesOneEndpoint = "uses-one-endpoint"
    case ignoresSecondSlice = "ignores-second-slice"
    case ignoresReadiness = "ignores-readiness"
    case ignoresTerminating = "ignores-terminating"
    case prefersTerminating = "prefers-terminating"
    case keepsDeletedEndpoints = "keeps-deleted-endpoints"
    case keepsConntrack = "keeps-conntrack"
    case answersWithoutEndpoints = "answers-without-endpoints"
    case dropsWithoutEndpoints = "drops-without-endpoints"
    case ignoresHints = "ignores-hints"

    // Policies
    case ignoresAffinity = "ignores-affinity"
    case ignoresAffinityTimeout = "ignores-affinity-timeout"
    case ignoresInternalTrafficPolicy = "ignores-internal-traffic-policy"
    case ignoresExternalTrafficPolicy = "ignores-external-traffic-policy"
    case ignoresSourceRanges = "ignores-source-ranges"
    case healthChecksAlwaysPass = "health-checks-always-pass"
    case acceptsUnknownPorts = "accepts-unknown-ports"
    case neverRepairs = "never-repairs"
}
