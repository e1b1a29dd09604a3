extension ResourceType {
    /// The columns of what `kubectl get` prints of this kind, as the API server's printers define them.
    public var tableColumns: [TableColumn] { Self.columns[self] ?? [.name, .age] }

    private static let template: [TableColumn] = [
        .wide("Containers", "Names of each container in the template."),
        .wide("Images", "Images referenced by each container in the template."),
        .wide("Selector", "The label query over the pods that are managed."),
    ]

    private static let columns: [ResourceType: [TableColumn]] = [
        .pods: [
            .name, TableColumn("Ready", "The aggregate readiness state of this pod for accepting traffic."),
            TableColumn("Status", "The aggregate status of the containers in this pod."),
            TableColumn("Restarts", "The number of times the containers in this pod have been restarted and when."),
            .age, .wide("IP", "The pod's first address."), .wide("Node", "The node that the pod is on."),
            .wide("Nominated Node", "The node that the pod is to have by preemption."),
            .wide("Readiness Gates", "The conditions that count for readiness, and how many of them hold."),
        ],
        .services: [
            .name, TableColumn("Type", "How the service is exposed."),
            TableColumn("Cluster-IP", "The address of the service within the cluster."),
            TableColumn("External-IP", "The addresses of the service from outside of the cluster."),
            TableColumn("Port(s)", "The ports that the service exposes."), .age,
            .wide("Selector", "The labels of the pods that the service routes to."),
        ],
        .endpoints: [.name, TableColumn("Endpoints", "The addresses and ports of the endpoints."), .age],
        .endpointSlices: [
            .name, TableColumn("AddressType", "The type of the slice's addresses."),
            TableColumn("Ports", "The ports of each endpoint."),
            TableColumn("Endpoints", "The addresses of the endpoints."), .age,
        ],
        .nodes: [
            .name, TableColumn("Status", "The status of the node"), TableColumn("Roles", "The roles of the node"), .age,
            TableColumn("Version", "The version that the kubelet reports."),
            .wide("Internal-IP", "The node's first internal address."),
            .wide("External-IP", "The node's first external address."),
            .wide("OS-Image", "The operating system that the node reports."),
            .wide("Kernel-Version", "The kernel that the node reports."),
            .wide("Container-Runtime", "The container runtime that the node reports."),
        ],
        .deployments: [
            .name, TableColumn("Ready", "Number of the pod with ready state"),
            .number("Up-to-date", "The number of pods that have the desired template."),
            .number("Available", "The number of pods that have been ready for long enough."), .age,
        ] + template,
        .replicaSets: [
            .name, .number("Desired", "The number of desired pods."), .number("Current", "The number of pods."),
            .number("Ready", "The number of ready pods."), .age,
        ] + template,
        .networkPolicies: [.name, TableColumn("Pod-Selector", "The pods that the policy applies to."), .age],
        .ingresses: [
            .name,
            TableColumn(
                "Class", "The name of the IngressClass resource that should be used for additional configuration"),
            TableColumn("Hosts", "Hosts that incoming requests are matched against before the ingress rule"),
            TableColumn("Address", "Address is a list containing ingress points for the load-balancer"),
            TableColumn("Ports", "Ports of TLS configurations that open"), .age,
        ],
        .ingressClasses: [
            .name, TableColumn("Controller", "Controller that is responsible for handling this class"),
            TableColumn("Parameters", "A reference to a resource with additional parameters"), .age,
        ],
        .configMaps: [.name, TableColumn("Data", "The number of entries."), .age],
        .secrets: [
            .name, TableColumn("Type", "What the secret is for."), TableColumn("Data", "The number of entries."), .age,
        ],
        .namespaces: [.name, TableColumn("Status", "The status of the namespace"), .age],
        .serviceAccounts: [.name, TableColumn("Secrets", "The number of secrets."), .age],
        .leases: [.name, TableColumn("Holder", "The identity of the lease's holder."), .age],
        .serviceCIDRs: [.name, TableColumn("CIDRs", "The ranges of addresses of services."), .age],
        .events: [
            TableColumn("Last Seen", "The time since the event was last seen."),
            TableColumn("Type", "Normal or Warning."), TableColumn("Reason", "The event's word for programs."),
            TableColumn("Object", "The object that the event is about."),
            .wide("Subobject", "The part of the object that the event is about."),
            .wide("Source", "Who tells of the event."), TableColumn("Message", "The event in a sentence."),
            .wide("First Seen", "The time since the event was first seen."),
            .wide("Count", "How often the event was seen."),
            .wide("Name", "The event's name.", format: "name"),
        ],
    ]
}
