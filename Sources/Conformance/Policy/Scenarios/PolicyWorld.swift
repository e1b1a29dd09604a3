public import Addressing
public import KubernetesModel

/// What scenarios are played with: three namespaces of three pods each, on the lab's nodes in turn, and hosts outside of
/// the cluster. Every pod serves ports 80 and 81 over TCP and UDP, and has names for them and for the same ports of SCTP.
///
///     lab-conformance-x, -y, -z   ns=x, y, z
///       a, b, c              pod=a, b, c   serve-80-tcp, serve-81-tcp, serve-80-udp, … serve-81-sctp
public struct PolicyWorld: Hashable, Sendable {
    /// The pods' addresses.
    public let addresses: [PodReference: [IPAddress]]
    /// The nodes' names.
    public let nodes: [String]
    /// The address of a host outside of the cluster, in each family.
    public let outsiders: [IPAddress]

    /// The namespaces, by their short names.
    public static let namespaces = ["x", "y", "z"]
    /// The pods of each.
    public static let pods = ["a", "b", "c"]
    /// The ports that are asked for, each over TCP, UDP and SCTP.
    public static let ports: [UInt16] = [80, 81]

    /// A world in a lab.
    ///
    /// - Parameters:
    ///   - nodes: the names of the nodes that have pods.
    ///   - addresses: the addresses that the pods have there. Without them scenarios are only good to be listed: they get
    ///     those of a lab with two nodes.
    ///   - outsiders: the addresses of a host outside of the cluster; likewise.
    public init(
        nodes: [String] = ["node1", "node2"], addresses: [PodReference: [IPAddress]] = [:], outsiders: [IPAddress] = []
    ) {
        self.nodes = nodes.isEmpty ? ["node1"] : nodes
        self.outsiders = outsiders.isEmpty ? Self.outsiders : outsiders
        self.addresses = addresses.isEmpty ? Self.addresses(on: self.nodes.count) : addresses
    }

    /// The manifest of the pods in a suite's directory.
    static func manifest(in directory: String) -> String { "\(directory)/fixtures/policy-pods.yaml" }

    /// A namespace's whole name.
    public static func namespace(_ letter: String) -> String { "lab-conformance-\(letter)" }

    /// A pod of the world, or one that comes to it.
    public static func pod(_ namespace: String, _ name: String) -> PodReference {
        PodReference(namespace: self.namespace(namespace), name: name)
    }

    /// The pods, namespace by namespace.
    public static var references: [PodReference] {
        namespaces.flatMap { namespace in pods.map { pod(namespace, $0) } }
    }

    /// The namespaces and pods, as a user would write them.
    public var objects: [APIObject] {
        Self.namespaces.map { Self.namespaceObject($0, ["ns": $0]) }
            + Self.namespaces.flatMap { namespace in
                Self.pods.map { podObject(namespace, $0, ["pod": $0], onNode: Self.place(namespace, $0)) }
            }
    }

    /// The families that the pods have.
    var families: [AddressFamily] {
        AddressFamily.allCases.filter { family in addresses.values.contains { $0.contains { $0.family == family } } }
    }

    /// The number of a pod of the world, counted through all of its namespaces; 0 for others.
    private static func place(_ namespace: String, _ name: String) -> Int {
        references.firstIndex(of: pod(namespace, name)) ?? 0
    }

    private static let outsiders = ["192.168.1.100", "fd01::100"].compactMap { IPAddress($0) }

    private static func addresses(on nodes: Int) -> [PodReference: [IPAddress]] {
        var addresses: [PodReference: [IPAddress]] = [:]
        for (place, pod) in references.enumerated() {
            let (node, number) = (place % nodes + 1, place / nodes + 2)
            addresses[pod] = ["10.244.\(node).\(number)", "fd00:10:244:\(node)::\(number)"].compactMap { IPAddress($0) }
        }
        return addresses
    }
}

extension PolicyWorld {
    /// A namespace.
    static func namespaceObject(_ letter: String, _ labels: [String: String]) -> APIObject {
        var object = APIObject(.namespaces, name: namespace(letter))
        object.labels = labels
        return object
    }

    /// A pod.
    ///
    /// - Parameters:
    ///   - place: a number for the node: pods with numbers that differ by one are on different nodes.
    ///   - containers: the ports of each of its containers.
    func podObject(
        _ namespace: String, _ name: String, _ labels: [String: String], onNode place: Int,
        _ containers: [[NamedPort]] = [NamedPort.usual]
    ) -> APIObject {
        let list = containers.enumerated().map { number, ports -> JSONValue in
            [
                "name": .string("server-\(number + 1)"), "image": "agnhost", "ports": .array(ports.map(\.value)),
            ]
        }
        var object = APIObject(
            .pods, namespace: Self.namespace(namespace), name: name,
            ["spec": ["nodeName": .string(nodes[place % nodes.count]), "containers": .array(list)]])
        object.labels = labels
        return object
    }

    /// A port of a container with its name.
    struct NamedPort {
        let name: String
        let transport: TransportProtocol
        let number: UInt16

        /// Those of every pod of the world: `serve-80-tcp` and so on.
        static let usual = PolicyWorld.ports.flatMap { number in
            TransportProtocol.allCases.map { NamedPort(number, $0, as: number) }
        }

        /// A port with the name that another one usually has.
        init(_ number: UInt16, _ transport: TransportProtocol, as usual: UInt16) {
            name = "serve-\(usual)-\(transport.rawValue.lowercased())"
            self.transport = transport
            self.number = number
        }

        var value: JSONValue {
            [
                "name": .string(name), "protocol": .string(transport.rawValue),
                "containerPort": .integer(Int64(number)),
            ]
        }
    }
}
