import Topology

/// A lab of a given size, with pods spread evenly over nodes that are joined by VXLAN.
struct SampleLab {
    let pods: Int
    let nodes: Int
    /// The service proxy, or nil for none.
    var serviceProxy: String?
    /// Whether the built-in policy engine is there.
    var networkPolicy = false
    /// What tells its name from that of another one.
    var suffix = ""

    var name: String { "bench-\(nodes)-nodes\(suffix)" }
    var title: String { "\(pods) on \(nodes)" }

    /// The lab file. Every node has room for 4,094 addresses.
    var file: String {
        var text = "name = \"\(name)\"\n\n[components]\npod-network = \"vxlan\"\ndns = \"none\"\n"
        text += "network-policy = \"\(networkPolicy ? "nftables" : "none")\"\n"
        if let serviceProxy { text += "service-proxy = \"\(serviceProxy)\"\n" }
        for node in 0..<nodes {
            text += """

                [[node]]
                name = "node\(node + 1)"
                address = ["192.168.1.\(node + 10)"]
                pod-cidr = ["10.244.\(node * 16).0/20"]

                """
        }
        for pod in 0..<pods { text += "\n[[pod]]\nname = \"pod-\(pod)\"\nnode = \"node\(pod % nodes + 1)\"\n" }
        return text
    }

    /// The pods as manifests.
    var manifests: String {
        let pods = (0..<pods).map { pod in
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: pod-\(pod)}
            spec:
              nodeName: node\(pod % nodes + 1)
              containers:
                - name: server
                  image: agnhost
                  ports: [{containerPort: 8080, protocol: TCP}, {containerPort: 8080, protocol: UDP}]

            """
        }
        return pods.joined(separator: "---\n")
    }

    /// Writes the lab file.
    /// - Returns: its path.
    func write(in directory: String) throws -> String {
        let path = "\(directory)/\(name)-\(pods).toml"
        try TextFile.write(path, file)
        return path
    }

    /// The plan that `lab up` carries out.
    func operations(in directory: String) throws -> [Operation] {
        LabPlan(try LabFile.read(write(in: directory))).operations()
    }
}
