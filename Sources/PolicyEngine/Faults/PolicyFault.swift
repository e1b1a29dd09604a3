/// A single thing that an engine for NetworkPolicies can get wrong, as a pure transformation of what it sees or makes: of
/// objects (`objects(_:)`), of what it hears of changes (`hears(_:)`), or of its tables (`table(_:)`). The raw value is the
/// name of the mutant.
public enum PolicyFault: String, Hashable, Sendable, CaseIterable {
    /// Only the first rule of a list is read.
    case firstRuleOnly = "first-rule-only"
    /// Only the last rule of a list is read.
    case lastRuleOnly = "last-rule-only"
    /// A rule's ports are not read.
    case portsIgnored = "ports-ignored"
    /// A rule's peers are not read.
    case peersIgnored = "peers-ignored"
    /// A rule that names no peers allows nobody.
    case ruleWithoutPeersDenies = "rule-without-peers-denies"
    /// A rule that names no ports allows none.
    case ruleWithoutPortsDenies = "rule-without-ports-denies"
    /// A rule allows its peers at all ports, and everybody at its ports.
    case peersOrPorts = "peers-or-ports"
    /// The peers of one rule may use the ports of another.
    case peersOfAllRules = "peers-of-all-rules"
    /// Only the first peer of a rule is read.
    case firstPeerOnly = "first-peer-only"
    /// Only the last peer of a rule is read.
    case lastPeerOnly = "last-peer-only"
    /// A block's exceptions are not taken out.
    case exceptIgnored = "except-ignored"
    /// Only the first of a block's exceptions is taken out.
    case firstExceptOnly = "first-except-only"
    /// A block with exceptions means nobody.
    case exceptVoidsBlock = "except-voids-block"
    /// A block's exceptions are taken out of the other blocks too.
    case exceptInAllPeers = "except-in-all-peers"
    /// A block with exceptions means only these.
    case exceptAlone = "except-alone"
    /// A block means nobody.
    case blockIgnored = "block-ignored"
    /// A block means all addresses.
    case blockMeansEveryone = "block-means-everyone"
    /// Only a block's first address is meant.
    case blockIsOneAddress = "block-is-one-address"
    /// A block is taken one bit too wide.
    case blockTooWide = "block-too-wide"
    /// Blocks of IPv6 addresses mean nobody.
    case ipv6BlocksIgnored = "ipv6-blocks-ignored"
    /// A peer's namespaces are not read: it is in the policy's own.
    case namespaceSelectorIgnored = "namespace-selector-ignored"
    /// An empty namespaceSelector means the policy's own namespace.
    case emptyNamespaceSelectorIsOwn = "empty-namespace-selector-is-own"
    /// An empty namespaceSelector means outside addresses too.
    case emptyNamespaceSelectorIsEveryone = "empty-namespace-selector-is-everyone"
    /// A peer's podSelector is not read.
    case podSelectorIgnored = "pod-selector-ignored"
    /// An empty podSelector of a peer means nobody.
    case emptyPodPeerIsNobody = "empty-pod-peer-is-nobody"
    /// A bare podSelector means pods of all namespaces.
    case podsOfAllNamespaces = "pods-of-all-namespaces"
    /// The two selectors of a peer are alternatives.
    case andAsOr = "and-as-or"
    /// Separate peers by namespace and by pod are taken for one.
    case orAsAnd = "or-as-and"
    /// Only the first port of a rule is read.
    case firstPortOnly = "first-port-only"
    /// Only the last port of a rule is read.
    case lastPortOnly = "last-port-only"
    /// The last port of a range is left out.
    case endPortExcluded = "end-port-excluded"
    /// The first port of a range is left out.
    case startPortExcluded = "start-port-excluded"
    /// Only the first port of a range is read.
    case endPortIgnored = "end-port-ignored"
    /// A range goes on to port 65535.
    case endPortUnbounded = "end-port-unbounded"
    /// A port is open for all protocols.
    case protocolIgnored = "protocol-ignored"
    /// Every port is taken for one of TCP.
    case protocolAlwaysTCP = "protocol-always-tcp"
    /// Ports of UDP open nothing.
    case udpIgnored = "udp-ignored"
    /// Ports of SCTP open the same ones of TCP.
    case sctpOpensTCP = "sctp-opens-tcp"
    /// A port without protocol is taken for one of UDP.
    case defaultProtocolUDP = "default-protocol-udp"
    /// A protocol without port opens nothing.
    case protocolAloneIgnored = "protocol-alone-ignored"
    /// A port opens all ports of its protocol.
    case numberIgnored = "number-ignored"
    /// A port's name opens nothing.
    case namedPortIgnored = "named-port-ignored"
    /// A port's name opens all ports of its protocol.
    case namedPortMeansAll = "named-port-means-all"
    /// A port's name is looked up for all protocols.
    case namedPortAnyProtocol = "named-port-any-protocol"
    /// A port's name is resolved once, by the first pod that has it.
    case namedPortOfAnotherPod = "named-port-of-another-pod"
    /// NotIn does not hold where the key is absent.
    case notInWantsKey = "not-in-wants-key"
    /// NotIn is taken for In.
    case notInAsIn = "not-in-as-in"
    /// In is taken for NotIn.
    case inAsNotIn = "in-as-not-in"
    /// Only the first value of In is read.
    case inFirstValueOnly = "in-first-value-only"
    /// Exists always holds.
    case existsAlways = "exists-always"
    /// Exists never holds.
    case existsNever = "exists-never"
    /// DoesNotExist always holds.
    case doesNotExistAlways = "does-not-exist-always"
    /// DoesNotExist never holds.
    case doesNotExistNever = "does-not-exist-never"
    /// matchExpressions are not read.
    case expressionsIgnored = "expressions-ignored"
    /// matchLabels are not read.
    case matchLabelsIgnored = "match-labels-ignored"
    /// The values of matchLabels are not read.
    case matchLabelsByKey = "match-labels-by-key"
    /// Only the first of several matchLabels is read.
    case firstLabelOnly = "first-label-only"
    /// A policy is about all pods of its namespace.
    case subjectSelectorIgnored = "subject-selector-ignored"
    /// An empty podSelector selects no pod.
    case emptySelectorSelectsNothing = "empty-selector-selects-nothing"
    /// An empty list of rules allows everything.
    case emptyRulesAllow = "empty-rules-allow"
    /// An empty rule allows nothing.
    case emptyRuleDenies = "empty-rule-denies"
    /// Without policyTypes a policy isolates in both directions.
    case typesAlwaysBoth = "types-always-both"
    /// Without policyTypes a policy never isolates for egress.
    case typesAlwaysIngress = "types-always-ingress"
    /// Without policyTypes a policy isolates for ingress only where it has ingress rules.
    case typesOnlyOfRules = "types-only-of-rules"
    /// The type Egress isolates for ingress too.
    case egressTypeIsolatesIngress = "egress-type-isolates-ingress"
    /// policyTypes are not read.
    case typesIgnored = "types-ignored"
    /// Nothing is isolated for egress.
    case egressIgnored = "egress-ignored"
    /// Nothing is isolated for ingress.
    case ingressIgnored = "ingress-ignored"
    /// Ingress and egress are taken for each other.
    case directionsSwapped = "directions-swapped"
    /// Only the first policy of a namespace is read.
    case firstPolicyOnly = "first-policy-only"
    /// Only the last policy of a namespace is read.
    case lastPolicyOnly = "last-policy-only"
    /// Policies of other namespaces than default are not read.
    case defaultNamespaceOnly = "default-namespace-only"
    /// A policy is about pods of all namespaces.
    case policiesOfOtherNamespaces = "policies-of-other-namespaces"
    /// Namespaces have no labels but their names.
    case namespaceLabelsIgnored = "namespace-labels-ignored"
    /// Only the first address of a pod is known.
    case firstAddressOnly = "first-address-only"
    /// Only the first container's ports have names.
    case portsOfFirstContainer = "ports-of-first-container"
    /// A selector of pods means the nodes of those in their nodes' networks.
    case hostNetworkPodsAsPeers = "host-network-pods-as-peers"
    /// Other labels of a pod are not noticed.
    case labelChangesMissed = "label-changes-missed"
    /// Pods that come later are not noticed.
    case newPodsMissed = "new-pods-missed"
    /// Pods that are gone still count.
    case deletedPodsKept = "deleted-pods-kept"
    /// An address that a pod gets later is not noticed.
    case addressesMissed = "addresses-missed"
    /// Policies that come later are not noticed.
    case newPoliciesMissed = "new-policies-missed"
    /// Changes of policies are not noticed.
    case updatedPoliciesMissed = "updated-policies-missed"
    /// Policies that are gone still hold.
    case deletedPoliciesKept = "deleted-policies-kept"
    /// Other labels of a namespace are not noticed.
    case namespaceLabelChangesMissed = "namespace-label-changes-missed"
    /// Replies of flows that were let through need a rule.
    case establishedStopped = "established-stopped"
    /// Neighbour discovery needs a rule.
    case discoveryStopped = "discovery-stopped"
    /// A pod's own node needs a rule.
    case ownNodeStopped = "own-node-stopped"
    /// A pod needs a rule to reach its own node.
    case toOwnNodeStopped = "to-own-node-stopped"
    /// A pod needs a rule to reach itself.
    case itselfStopped = "itself-stopped"
    /// Ports are those that the flow was opened to, before the rewriting of its destination.
    case portsBeforeRewriting = "ports-before-rewriting"
    /// What no rule allows passes.
    case isolationMissing = "isolation-missing"
    /// Isolated pods are reached by nothing, whatever rules allow.
    case allPoliciesNeeded = "all-policies-needed"
    /// No packet is looked at for ingress.
    case ingressHookMissing = "ingress-hook-missing"
    /// No packet is looked at for egress.
    case egressHookMissing = "egress-hook-missing"
    /// IPv6 packets are not looked at.
    case ipv6Open = "ipv6-open"
    /// Addresses that no pod is known to have are reached.
    case unknownAddressesOpen = "unknown-addresses-open"
    /// A rule's peers are looked for at the wrong end.
    case endsSwapped = "ends-swapped"
}
