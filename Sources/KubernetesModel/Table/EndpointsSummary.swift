/// Endpoints in kubectl's words: three of them, and how many more there are.
enum EndpointsSummary {
    static let largestCount = 3

    /// `10.0.0.1:80,10.0.0.2:80 + 2 more...` of an Endpoints object, or `<none>`.
    static func text(of endpoints: APIObject) -> String {
        let subsets = endpoints.elements(at: "subsets")
        if subsets.isEmpty { return Labels.none }
        return shortened(
            subsets.flatMap { subset in
                let addresses = subset.elements(at: "addresses").map { $0.text(at: "ip") }
                let ports = subset.elements(at: "ports")
                if ports.isEmpty { return addresses }
                return ports.flatMap { port in addresses.map { joined($0, port.number(at: "port")) } }
            })
    }

    /// The ports of a slice: numbers, else names, `*` where it means all ports; or `<unset>`.
    static func ports(ofSlice slice: APIObject) -> String {
        shortened(
            slice.elements(at: "ports").map { port in
                port["port"]?.integer.map(String.init) ?? port["name"]?.string ?? "*"
            }
        ).or("<unset>")
    }

    /// The addresses of a slice, or `<unset>`.
    static func addresses(ofSlice slice: APIObject) -> String {
        shortened(slice.elements(at: "endpoints").flatMap { $0.elements(at: "addresses") }.compactMap(\.string))
            .or("<unset>")
    }

    /// The first ones, and how many more there are.
    static func shortened(_ list: [String]) -> String {
        let text = list.prefix(largestCount).joined(separator: ",")
        return list.count > largestCount ? "\(text) + \(list.count - largestCount) more..." : text
    }

    /// Address and port, with brackets around IPv6.
    static func joined(_ address: String, _ port: Int64) -> String {
        address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
