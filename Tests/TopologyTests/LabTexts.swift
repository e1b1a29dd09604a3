import Addressing
import Testing

@testable import Topology

/// Lab files and manifests that tests begin with.
enum LabTexts {
    static let example = """
        name = "two-node"                     # a DNS label
        manifests = ["two-node.yaml"]         # applied at the end of up, relative to this file

        [cluster]
        domain = "cluster.local"
        pod-cidr = ["10.244.0.0/16"]
        service-cidr = ["10.96.0.0/12"]

        [underlay]
        cidr = ["192.168.1.0/24"]
        mtu = 1500

        [components]
        pod-network = "vxlan"
        service-proxy = "nftables"
        dns = "builtin"
        network-policy = "nftables"

        [[node]]
        name = "node1"
        address = ["192.168.1.10"]
        pod-cidr = ["10.244.1.0/24"]
        labels = { zone = "a" }

        [[pod]]
        name = "pod-a"
        node = "node1"
        address = ["10.244.1.5"]
        labels = { app = "frontend" }

        [[host]]
        name = "client"
        address = ["192.168.1.100"]
        """

    static let manifest = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: pod-b
          namespace: shop
          labels: {app: backend}
          annotations: {lab/address: "10.244.1.9"}
        spec:
          nodeName: node1
          restartPolicy: Never
          containers:
          - name: web
            image: nginx
            command: ["nginx", "-g"]
            args: ["daemon off;"]
            workingDir: /srv
            env:
            - name: MODE
              value: "test"
            - name: POD_IP
              valueFrom: {fieldRef: {fieldPath: status.podIP}}
            ports:
            - name: http
              containerPort: 80
            - containerPort: 53
              protocol: UDP
              hostPort: 5353
              hostIP: 192.168.1.10
        ---
        """

    /// A lab file with everything in it: both families, containers, every form of tables.
    static let rich = """
        name = 'rich'
        [cluster]
        pod-cidr = ["10.244.0.0/16", "fd00:10:244::/56"]
        [underlay]
        mtu = 9_000
        [components]
        pod-network = "host-gw"
        dns = "none"
        [[node]]
        name = "node1"
        labels = { zone = "a", "example.com/disk" = "ssd" }
        [[node]]
        name = "node2"
        address = ["fd00:192:168:1::20"]
        [node.labels]
        zone = "b"
        [[pod]]
        name = "web.v1"
        namespace = "shop"
        node = "node2"
        labels.app = "web"
        [[pod.container]]
        name = "nginx"
        image = "nginx"
        command = [
            "nginx", # the server
            '-g',
        ]
        args = ['''daemon off;''']
        env = { MODE = "a\\tb", "ODD-NAME" = \"\"\"two
        lines\"\"\" }
        working-dir = "/srv"
        port = [{ name = "http", container-port = 80, host-port = 8080, host-ip = "0.0.0.0" }]
        [[pod.container]]
        name = "redis"
        image = "redis"
        [[pod.container.port]]
        container-port = 6379
        protocol = "TCP"
        [[pod]]
        name = "agent"
        host-network = true
        [[pod]]
        name = "loose"
        [[host]]
        name = "client"
        """

    /// A lab with one node and a few more lines.
    static func lab(_ more: String) -> String {
        """
        name = "lab"
        [[node]]
        name = "node1"
        \(more)
        """
    }

    static func parse(_ text: String, manifests: [String: String] = [:]) throws -> LabSpec {
        try LabFile.parse(text: text, path: "labs/x.toml") { path in
            guard let text = manifests[path] else {
                throw SourceFileError("there is no such file", remedy: "check the path")
            }
            return SourceFile(path: path, text: text)
        }
    }

    /// The problems of a text that is refused.
    static func problems(_ text: String, manifests: [String: String] = [:]) throws -> [Diagnostic] {
        do {
            let spec = try parse(text, manifests: manifests)
            Issue.record("accepted as \(spec)")
            return []
        } catch let error as LabFileError {
            return error.diagnostics
        }
    }
}
