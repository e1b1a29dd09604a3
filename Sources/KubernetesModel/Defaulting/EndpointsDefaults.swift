extension Defaults {
    @Sendable static func endpoints(_ endpoints: inout JSONValue) {
        endpoints.changeEach("subsets") { subset in
            subset.changeEach("ports") { $0.setDefault("protocol", "TCP") }
        }
    }

    @Sendable static func endpointSlice(_ slice: inout JSONValue) {
        slice.changeEach("ports") { port in
            port.setDefault("name", "")
            port.setDefault("protocol", "TCP")
        }
    }
}
