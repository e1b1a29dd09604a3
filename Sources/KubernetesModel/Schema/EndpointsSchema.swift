extension ObjectSchema {
    /// core/v1 Endpoints.
    static let endpoints = kind("Endpoints", ["subsets": .objects(endpointSubset)])

    private static let endpointSubset = ObjectSchema(
        "EndpointSubset",
        [
            "addresses": .objects(endpointAddress), "notReadyAddresses": .objects(endpointAddress),
            "ports": .objects(coreEndpointPort),
        ])

    private static let endpointAddress = ObjectSchema(
        "EndpointAddress",
        ["ip": .string, "hostname": .string, "nodeName": .string, "targetRef": .object(.objectReference)])

    private static let coreEndpointPort = ObjectSchema(
        "EndpointPort", isAtomic: true,
        ["name": .string, "port": .int32, "protocol": .string, "appProtocol": .string])

    /// discovery.k8s.io/v1 EndpointSlice.
    static let endpointSlice = kind(
        "EndpointSlice",
        ["addressType": .string, "endpoints": .objects(endpoint), "ports": .objects(coreEndpointPort)])

    private static let endpoint = ObjectSchema(
        "Endpoint",
        [
            "addresses": .list(.string, .set), "conditions": .object(endpointConditions), "hostname": .string,
            "targetRef": .object(.objectReference), "deprecatedTopology": .stringMap, "nodeName": .string,
            "zone": .string, "hints": .object(endpointHints),
        ])

    private static let endpointConditions = ObjectSchema(
        "EndpointConditions", ["ready": .boolean, "serving": .boolean, "terminating": .boolean])

    private static let endpointHints = ObjectSchema(
        "EndpointHints",
        [
            "forZones": .objects(ObjectSchema("ForZone", ["name": .string])),
            "forNodes": .objects(ObjectSchema("ForNode", ["name": .string])),
        ])
}
