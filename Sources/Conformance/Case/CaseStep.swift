public import Addressing

/// One step of a case.
public enum CaseStep: Hashable, Sendable {
    /// Creates or changes the objects of manifests, by paths that can be opened.
    case apply(ApplyStep)
    /// Deletes the objects of manifests, by paths that can be opened.
    case delete([String])
    /// Sets how many pods a Deployment has.
    case scale(deployment: String, replicas: Int)
    /// Changes the labels of a pod or node.
    case label(LabelStep)
    /// Ends a component the hard way and starts it again.
    case restart(LabComponent)
    /// Runs commands that harm the network.
    case fault(FaultStep)
    /// Has a host outside answer for names, and the cluster's DNS ask it.
    case nameServer(NameServerStep)
    /// Lets time pass that the API itself counts, such as an affinity's timeout.
    case wait(Duration)
    /// Sends probes and judges what became of each.
    case probe(ProbeStep)
    /// Changes objects, and looks at every flow between the policy cases' pods.
    case policy(PolicyCaseStep)
    /// Looks at every flow between the policy cases' pods.
    case table(TableStep)
    /// Changes policies at random for some time, and looks at every flow after each change.
    case fuzz(FuzzStep)
    /// Asks for a Service's health at its healthCheckNodePort.
    case health(HealthStep)
    /// Asks for a name.
    case resolve(ResolveStep)
    /// Begins a long flow.
    case stream(StreamStep)
    /// Has the receiver of a long flow send a segment that is out of the connection's window.
    case outOfWindow(stream: String)
    /// Ends a long flow and judges it.
    case streamEnd(StreamEndStep)

    /// Whether the step judges something.
    var isJudged: Bool {
        switch self {
        case .probe, .policy, .table, .fuzz, .health, .resolve, .streamEnd: true
        case .apply(let step): step.refusal != nil
        case .delete, .scale, .label, .restart, .fault, .nameServer, .wait, .stream, .outOfWindow: false
        }
    }

    /// Whether the step asks for a name.
    var asksForNames: Bool { if case .resolve = self { true } else { false } }

    /// The manifests that the step names.
    var manifests: [String] {
        switch self {
        case .apply(let step): step.paths
        case .delete(let paths): paths
        default: []
        }
    }
}

/// A step that applies manifests.
public struct ApplyStep: Hashable, Sendable {
    /// The manifests, by paths that can be opened.
    public var paths: [String]
    /// How often the objects are applied, with `{copy}` in their texts replaced by 1, 2 and so on.
    public var copies = 1
    /// What the API's refusal has to say; nil: it has to take the objects.
    public var refusal: String?
    /// Where the step stands in its file.
    public var keyPath: String
}

/// A step that changes the labels of a pod or node.
public struct LabelStep: Hashable, Sendable {
    /// What has labels.
    public enum Subject: Hashable, Sendable {
        /// A pod of the case.
        case pod(String)
        /// A node, by its name or a placeholder for one.
        case node(String)
        /// One of the suite's namespaces.
        case namespace(String)
    }

    /// Whose they are.
    public var subject: Subject
    /// Labels that it gets.
    public var set: [String: String]
    /// Labels that it loses.
    public var remove: [String]
}

/// A component of a lab that can be started anew.
public enum LabComponent: String, Hashable, Sendable, CaseIterable {
    /// The service proxy.
    case serviceProxy = "service-proxy"
    /// The cluster's DNS.
    case dns
    /// What enforces NetworkPolicies.
    case networkPolicy = "network-policy"
}

/// A step that harms the network.
public struct FaultStep: Hashable, Sendable {
    /// What is run.
    public var command: NetworkCommand
    /// What is run when the case ends, whatever became of it; nil: nothing.
    public var undo: NetworkCommand?
    /// Where the step stands in its file.
    public var keyPath: String
}

/// A program that is run in network namespaces of a lab.
public struct NetworkCommand: Hashable, Sendable {
    /// In whose network namespaces: in each of them once.
    public var participants: [ParticipantSelector]
    /// The program and its arguments, with placeholders.
    public var arguments: [String]
}

/// A step that asks nodes for the health of a Service (healthCheckNodePort).
public struct HealthStep: Hashable, Sendable {
    /// Who asks.
    public var from: [ParticipantSelector]
    /// The Service's name, with its namespace where it is not the case's.
    public var service: DestinationSelector
    /// The nodes that are asked.
    public var through: [ParticipantSelector]
    /// The HTTP status of each node; nil: as the oracle says.
    public var expected: [ParticipantSelector: Int]?
    /// For how long the step is repeated until it is met; nil: it is carried out once.
    public var settle: Duration?
    /// Where the step stands in its file.
    public var keyPath: String
}

/// A step that begins a long flow: a message at every interval, each of which is to come back.
public struct StreamStep: Hashable, Sendable {
    /// Its name.
    public var id: String
    /// Who sends.
    public var from: ParticipantSelector
    /// Whom or what is dialled.
    public var to: DestinationSelector
    /// With what.
    public var kind: ProbeProtocol
    /// From one message to the next.
    public var interval: Duration
    /// Whether each message is a flow of its own, from a new port. Else all are one connection.
    public var isFresh: Bool
    /// The family; nil: the lab's first.
    public var family: AddressFamily?
    /// Where the step stands in its file.
    public var keyPath: String
}

/// A step that ends a long flow.
public struct StreamEndStep: Hashable, Sendable {
    /// The flow's name.
    public var id: String
    /// What must have become of it.
    public var expectation: StreamExpectation
    /// Where the step stands in its file.
    public var keyPath: String
}

/// What must have become of a long flow.
public enum StreamExpectation: Hashable, Sendable {
    /// Every message was answered, over one connection.
    case unbroken
    /// Answers never failed to come for longer than this.
    case loss(atMost: Duration)
}
