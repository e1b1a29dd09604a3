extension ObjectSchema {
    /// core/v1 Node.
    static let node = kind("Node", ["spec": .object(.nodeSpec), "status": .object(.nodeStatus)])

    private static let nodeSpec = ObjectSchema(
        "NodeSpec",
        [
            "podCIDR": .string, "podCIDRs": .list(.string, .set), "providerID": .string, "unschedulable": .boolean,
            "taints": .objects(taint), "configSource": .any, "externalID": .string,
        ])

    private static let taint = ObjectSchema(
        "Taint", ["key": .string, "value": .string, "effect": .string, "timeAdded": .time])

    private static let nodeStatus = ObjectSchema(
        "NodeStatus",
        [
            "capacity": .resourceList, "allocatable": .resourceList, "phase": .string,
            "conditions": .objects(nodeCondition, by: "type"), "addresses": .objects(nodeAddress, by: "type"),
            "daemonEndpoints": .any, "nodeInfo": .object(nodeSystemInfo), "images": .any, "volumesInUse": .strings,
            "volumesAttached": .any, "config": .any, "runtimeHandlers": .any, "features": .any,
        ])

    private static let nodeCondition = ObjectSchema(
        "NodeCondition",
        [
            "type": .string, "status": .string, "lastHeartbeatTime": .time, "lastTransitionTime": .time,
            "reason": .string, "message": .string,
        ])

    private static let nodeAddress = ObjectSchema("NodeAddress", ["type": .string, "address": .string])

    private static let nodeSystemInfo = ObjectSchema(
        "NodeSystemInfo",
        [
            "machineID": .string, "systemUUID": .string, "bootID": .string, "kernelVersion": .string,
            "osImage": .string, "containerRuntimeVersion": .string, "kubeletVersion": .string,
            "kubeProxyVersion": .string, "operatingSystem": .string, "architecture": .string, "swap": .any,
        ])
}
