extension ObjectSchema {
    private static let containerFields: [String: Schema] = [
        "name": .string, "image": .string, "command": .strings, "args": .strings, "workingDir": .string,
        "ports": .objects(containerPort, keys: ["containerPort", "protocol"], mergeKey: "containerPort"),
        "envFrom": .objects(envFromSource), "env": .objects(envVar, by: "name"),
        "resources": .object(resourceRequirements),
        "resizePolicy": .objects(
            ObjectSchema("ContainerResizePolicy", ["resourceName": .string, "restartPolicy": .string])),
        "restartPolicy": .string, "restartPolicyRules": .any, "volumeMounts": .objects(volumeMount, by: "mountPath"),
        "volumeDevices": .objects(
            ObjectSchema("VolumeDevice", ["name": .string, "devicePath": .string]), by: "devicePath"),
        "livenessProbe": .object(probe), "readinessProbe": .object(probe), "startupProbe": .object(probe),
        "lifecycle": .object(lifecycle), "terminationMessagePath": .string, "terminationMessagePolicy": .string,
        "imagePullPolicy": .string, "securityContext": .object(securityContext), "stdin": .boolean,
        "stdinOnce": .boolean, "tty": .boolean,
    ]

    /// core/v1 Container.
    static let container = ObjectSchema("Container", containerFields)

    /// core/v1 EphemeralContainer.
    static let ephemeralContainer = ObjectSchema(
        "EphemeralContainer", containerFields.merging(["targetContainerName": .string]) { $1 })

    private static let containerPort = ObjectSchema(
        "ContainerPort",
        [
            "name": .string, "hostPort": .int32, "containerPort": .int32, "protocol": .string, "hostIP": .string,
        ])

    private static let envVar = ObjectSchema(
        "EnvVar", ["name": .string, "value": .string, "valueFrom": .object(envVarSource)])

    private static let envVarSource = ObjectSchema(
        "EnvVarSource",
        [
            "fieldRef": .object(objectFieldSelector), "resourceFieldRef": .object(resourceFieldSelector),
            "configMapKeyRef": .object(
                ObjectSchema(
                    "ConfigMapKeySelector", isAtomic: true,
                    ["name": .string, "key": .string, "optional": .boolean])),
            "secretKeyRef": .object(
                ObjectSchema(
                    "SecretKeySelector", isAtomic: true, ["name": .string, "key": .string, "optional": .boolean])),
            "fileKeyRef": .any,
        ])

    static let objectFieldSelector = ObjectSchema(
        "ObjectFieldSelector", isAtomic: true, ["apiVersion": .string, "fieldPath": .string])

    static let resourceFieldSelector = ObjectSchema(
        "ResourceFieldSelector", isAtomic: true,
        ["containerName": .string, "resource": .string, "divisor": .quantity])

    private static let envFromSource = ObjectSchema(
        "EnvFromSource",
        [
            "prefix": .string,
            "configMapRef": .object(ObjectSchema("ConfigMapEnvSource", ["name": .string, "optional": .boolean])),
            "secretRef": .object(ObjectSchema("SecretEnvSource", ["name": .string, "optional": .boolean])),
        ])

    /// core/v1 ResourceRequirements.
    static let resourceRequirements = ObjectSchema(
        "ResourceRequirements",
        [
            "limits": .resourceList, "requests": .resourceList,
            "claims": .objects(ObjectSchema("ResourceClaim", ["name": .string, "request": .string]), by: "name"),
        ])

    private static let volumeMount = ObjectSchema(
        "VolumeMount",
        [
            "name": .string, "readOnly": .boolean, "recursiveReadOnly": .string, "mountPath": .string,
            "subPath": .string, "mountPropagation": .string, "subPathExpr": .string,
        ])

    /// core/v1 ContainerStatus.
    static let containerStatus = ObjectSchema(
        "ContainerStatus",
        [
            "name": .string, "state": .object(containerState), "lastState": .object(containerState),
            "ready": .boolean, "restartCount": .int32, "image": .string, "imageID": .string, "containerID": .string,
            "started": .boolean, "allocatedResources": .resourceList, "resources": .object(resourceRequirements),
            "volumeMounts": .any, "user": .any, "allocatedResourcesStatus": .any, "stopSignal": .string,
        ])

    private static let containerState = ObjectSchema(
        "ContainerState",
        [
            "waiting": .object(ObjectSchema("ContainerStateWaiting", ["reason": .string, "message": .string])),
            "running": .object(ObjectSchema("ContainerStateRunning", ["startedAt": .time])),
            "terminated": .object(
                ObjectSchema(
                    "ContainerStateTerminated",
                    [
                        "exitCode": .int32, "signal": .int32, "reason": .string, "message": .string,
                        "startedAt": .time, "finishedAt": .time, "containerID": .string,
                    ])),
        ])
}
