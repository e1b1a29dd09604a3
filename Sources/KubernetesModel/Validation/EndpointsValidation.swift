import Addressing

extension Faults {
    private static let protocols = ["SCTP", "TCP", "UDP"]

    mutating func endpoints(_ endpoints: JSONValue) {
        for (index, subset) in endpoints.elements("subsets").enumerated() {
            let path = "subsets[\(index)]"
            let ports = subset.elements("ports")
            if subset.elements("addresses").isEmpty, subset.elements("notReadyAddresses").isEmpty {
                required(path, "must specify `addresses` or `notReadyAddresses`")
            }
            for field in ["addresses", "notReadyAddresses"] {
                for (index, address) in subset.elements(field).enumerated() {
                    oldEndpoint("\(path).\(field)[\(index)]", address)
                }
            }
            for (index, port) in ports.enumerated() {
                oldEndpointPort("\(path).ports[\(index)]", port, needsName: ports.count > 1)
            }
        }
    }

    private mutating func oldEndpoint(_ path: String, _ endpoint: JSONValue) {
        let text = endpoint["ip"]?.string ?? ""
        let isGood = address("\(path).ip", text) != nil
        if let name = endpoint.text("hostname") { invalid("\(path).hostname", name, Naming.labelFaults(name)) }
        if let name = endpoint["nodeName"]?.string {
            invalid("\(path).nodeName", name, Naming.subdomainFaults(name))
        }
        if isGood { endpointAddress("\(path).ip", text) }
    }

    private mutating func oldEndpointPort(_ path: String, _ port: JSONValue, needsName: Bool) {
        if let name = port.text("name") {
            invalid("\(path).name", name, Naming.labelFaults(name))
        } else if needsName {
            required("\(path).name")
        }
        self.port("\(path).port", port["port"]?.integer ?? 0)
        requiredAndSupported("\(path).protocol", port.text("protocol"), Self.protocols)
        applicationProtocol(path, port)
    }

    private mutating func applicationProtocol(_ path: String, _ port: JSONValue) {
        if let name = port["appProtocol"]?.string {
            invalid("\(path).appProtocol", name, Naming.qualifiedNameFaults(name))
        }
    }

    // MARK: EndpointSlices

    mutating func endpointSlice(_ slice: JSONValue) {
        let type = slice.text("addressType")
        requiredAndSupported("addressType", type, ["FQDN", "IPv4", "IPv6"])
        let endpoints = slice.elements("endpoints")
        if endpoints.count > 1000 {
            tooMany("endpoints", endpoints.count, 1000)
        } else {
            for (index, endpoint) in endpoints.enumerated() {
                self.endpoint("endpoints[\(index)]", endpoint, type ?? "")
            }
        }
        let ports = slice.elements("ports")
        if ports.count > 20_000 { return tooMany("ports", ports.count, 20_000) }
        var names: Set<String> = []
        for (index, port) in ports.enumerated() {
            let path = "ports[\(index)]"
            let name = port["name"]?.string ?? ""
            if !name.isEmpty { invalid("\(path).name", name, Naming.labelFaults(name)) }
            if !names.insert(name).inserted { duplicate("\(path).name", .string(name)) }
            if let number = port["port"]?.integer { self.port("\(path).port", number) }
            supported("\(path).protocol", port["protocol"]?.string ?? "", Self.protocols)
            applicationProtocol(path, port)
        }
    }

    private mutating func endpoint(_ path: String, _ endpoint: JSONValue, _ type: String) {
        let addresses = endpoint.elements("addresses")
        if addresses.isEmpty {
            required("\(path).addresses", "must contain at least 1 address")
        } else if addresses.count > 100 {
            tooMany("\(path).addresses", addresses.count, 100)
        }
        for (index, text) in addresses.enumerated() {
            if let text = text.string { sliceAddress("\(path).addresses[\(index)]", text, type) }
        }
        if let name = endpoint["nodeName"]?.string {
            invalid("\(path).nodeName", name, Naming.subdomainFaults(name))
        }
        if let name = endpoint["hostname"]?.string { invalid("\(path).hostname", name, Naming.labelFaults(name)) }
        let zones = endpoint["hints"]?.elements("forZones") ?? []
        if zones.count > 8 { return tooMany("\(path).hints.forZones", zones.count, 8) }
        var seen: Set<JSONValue> = []
        for (index, zone) in zones.enumerated() {
            let name = zone["name"] ?? ""
            if !seen.insert(name).inserted { duplicate("\(path).hints.forZones[\(index)].name", name) }
            invalid(
                "\(path).hints.forZones[\(index)].name", name.string ?? "",
                Naming.labelValueFaults(name.string ?? ""))
        }
    }

    private mutating func sliceAddress(_ path: String, _ text: String, _ type: String) {
        switch type {
        case "IPv4", "IPv6":
            guard let address = IPAddress(ofAPI: text), address.family.description == type else {
                return invalid(path, text, ["must be a valid \(type) address"])
            }
            endpointAddress(path, text)
        case "FQDN":
            let name = text.hasSuffix(".") ? String(text.dropLast()) : text
            if text.isEmpty { return required(path) }
            let faults = Naming.subdomainFaults(name)
            invalid(path, text, faults)
            if faults.isEmpty, !name.contains(".") {
                invalid(path, text, ["should be a domain with at least two segments separated by dots"])
            }
        default: break
        }
    }
}
