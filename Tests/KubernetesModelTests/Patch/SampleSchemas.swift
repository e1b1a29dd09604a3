import KubernetesModel
import TestSupport

/// Shapes with every way of merging that the API's kinds have, after Service and Deployment.
enum SampleSchemas {
    static let metadata = Schema.object(
        ObjectSchema(
            "ObjectMeta",
            [
                "name": .string, "namespace": .string, "uid": .string, "labels": .map(.string),
                "annotations": .map(.string), "finalizers": .list(.string, .set), "generation": .integer(bits: 64),
                "resourceVersion": .string, "creationTimestamp": .time,
            ]))

    static let container = Schema.object(
        ObjectSchema(
            "Container",
            [
                "name": .string, "image": .string, "args": .list(.string, .atomic),
                "ports": .list(
                    .object(
                        ObjectSchema(
                            "ContainerPort",
                            ["name": .string, "containerPort": .integer(bits: 32), "protocol": .string])),
                    .map(keys: ["containerPort", "protocol"], mergeKey: "containerPort")),
                "env": .list(
                    .object(ObjectSchema("EnvVar", ["name": .string, "value": .string])),
                    .map(keys: ["name"], mergeKey: "name")),
                "resources": .object(
                    ObjectSchema(
                        "ResourceRequirements", ["limits": .map(.quantity), "requests": .map(.quantity)])),
            ]))

    static let deployment = ObjectSchema(
        "Deployment",
        [
            "apiVersion": .string, "kind": .string, "metadata": metadata,
            "spec": .object(
                ObjectSchema(
                    "DeploymentSpec",
                    [
                        "replicas": .integer(bits: 32), "paused": .boolean,
                        "selector": .object(
                            ObjectSchema("LabelSelector", isAtomic: true, ["matchLabels": .map(.string)])),
                        "strategy": .object(
                            ObjectSchema(
                                "DeploymentStrategy",
                                [
                                    "type": .string,
                                    "rollingUpdate": .object(
                                        ObjectSchema(
                                            "RollingUpdateDeployment",
                                            ["maxSurge": .integerOrString, "maxUnavailable": .integerOrString])),
                                ])),
                        "template": .object(
                            ObjectSchema(
                                "PodTemplateSpec",
                                [
                                    "metadata": metadata,
                                    "spec": .object(
                                        ObjectSchema(
                                            "PodSpec",
                                            [
                                                "containers": .list(
                                                    container, .map(keys: ["name"], mergeKey: "name")),
                                                "nodeName": .string,
                                                "tolerations": .list(
                                                    .object(ObjectSchema("Toleration", ["key": .string])), .atomic),
                                            ])),
                                ])),
                    ])),
            "status": .object(ObjectSchema("DeploymentStatus", ["replicas": .integer(bits: 32)])),
        ])

    static let service = ObjectSchema(
        "Service",
        [
            "apiVersion": .string, "kind": .string, "metadata": metadata,
            "spec": .object(
                ObjectSchema(
                    "ServiceSpec",
                    [
                        "type": .string, "clusterIP": .string,
                        "selector": .object(ObjectSchema("Selector", isAtomic: true, [:])),
                        "externalIPs": .list(.string, .atomic),
                        "ports": .list(
                            .object(
                                ObjectSchema(
                                    "ServicePort",
                                    [
                                        "name": .string, "port": .integer(bits: 32), "protocol": .string,
                                        "targetPort": .integerOrString, "nodePort": .integer(bits: 32),
                                    ])),
                            .map(keys: ["port", "protocol"], mergeKey: "port")),
                    ])),
            "status": .object(ObjectSchema("ServiceStatus", [:])),
        ])
}

/// Reads a JSON text of a test.
func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

/// Trees of any shape, over few names so that they meet.
struct RandomTrees {
    var generator: SeededGenerator
    static let names = [
        "metadata", "spec", "labels", "ports", "containers", "name", "port", "template", "replicas", "finalizers", "a",
        "$patch", "$retainKeys", "$setElementOrder/ports", "$deleteFromPrimitiveList/finalizers", "", "x/y~",
    ]

    mutating func value(depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth > 5 ? 6 : 12), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int64.random(in: -2...2, using: &generator))
        case 3: return .number(0.5)
        case 4: return .string(["replace", "delete", "merge", "TCP"].randomElement(using: &generator) ?? "")
        case 5: return .string(Self.names.randomElement(using: &generator) ?? "")
        case 6...7:
            return .array((0..<Int.random(in: 0...3, using: &generator)).map { _ in value(depth: depth + 1) })
        default: return .object(fields(depth: depth))
        }
    }

    mutating func fields(depth: Int = 0) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            fields[Self.names.randomElement(using: &generator) ?? "a"] = value(depth: depth + 1)
        }
        return fields
    }
}
