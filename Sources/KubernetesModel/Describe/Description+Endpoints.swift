extension Description {
    mutating func describeEndpoints() {
        nameAndNamespace()
        labelsAndAnnotations()
        out.add(0, "Subsets:")
        for subset in object.elements(at: "subsets") {
            for (key, field) in [("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")] {
                let addresses = subset.elements(at: field).map { $0.text(at: "ip") }.joined(separator: ",")
                out.add(1, "\(key):\t\(addresses.or(Labels.none))")
            }
            let ports = subset.elements(at: "ports")
            if !ports.isEmpty {
                out.add(1, "Ports:")
                out.add(2, "Name\tPort\tProtocol\n----\t----\t--------")
            }
            for port in ports { out.add(2, Self.row(ofPort: port)) }
            out.add(0, "")
        }
        eventTable()
    }

    private static func row(ofPort port: JSONValue) -> String {
        let number = port["port"]?.integer.map(String.init) ?? "<unset>"
        return "\(port.text(at: "name").or("<unset>"))\t\(number)\t\(port.text(at: "protocol").or("TCP"))"
    }

    mutating func describeEndpointSlice() {
        nameAndNamespace()
        labelsAndAnnotations()
        line("AddressType", object.text(at: "addressType"))
        let ports = object.elements(at: "ports")
        if ports.isEmpty {
            out.add(0, "Ports: <unset>")
        } else {
            out.add(0, "Ports:\n  Name\tPort\tProtocol\n  ----\t----\t--------")
            for port in ports { out.add(1, Self.row(ofPort: port)) }
        }
        let endpoints = object.elements(at: "endpoints")
        out.add(0, endpoints.isEmpty ? "Endpoints: \(Labels.none)" : "Endpoints:")
        for endpoint in endpoints {
            let addresses = endpoint.elements(at: "addresses").compactMap(\.string).joined(separator: ",")
            out.add(1, "- Addresses:\t\(addresses.or(Labels.none))")
            out.add(2, "Conditions:")
            let ready = endpoint[path: ["conditions", "ready"]]?.bool
            out.add(3, "Ready:\t\(ready.map { "\($0)" } ?? "<unset>")")
            out.add(2, "Hostname:\t\(endpoint["hostname"]?.string ?? "<unset>")")
            if let target = endpoint["targetRef"], target.object != nil {
                out.add(2, "TargetRef:\t\(target.text(at: "kind"))/\(target.text(at: "name"))")
            }
            out.add(2, "NodeName:\t\(endpoint["nodeName"]?.string ?? "<unset>")")
            out.add(2, "Zone:\t\(endpoint["zone"]?.string ?? "<unset>")")
        }
        eventTable()
    }
}
