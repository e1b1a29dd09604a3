extension ObjectSchema {
    private static let handlerFields: [String: Schema] = [
        "exec": .object(ObjectSchema("ExecAction", ["command": .strings])),
        "httpGet": .object(httpGetAction),
        "tcpSocket": .object(ObjectSchema("TCPSocketAction", ["port": .integerOrString, "host": .string])),
    ]

    /// core/v1 Probe.
    static let probe = ObjectSchema(
        "Probe",
        handlerFields.merging([
            "grpc": .object(ObjectSchema("GRPCAction", ["port": .int32, "service": .string])),
            "initialDelaySeconds": .int32, "timeoutSeconds": .int32, "periodSeconds": .int32,
            "successThreshold": .int32, "failureThreshold": .int32, "terminationGracePeriodSeconds": .int64,
        ]) { $1 })

    private static let httpGetAction = ObjectSchema(
        "HTTPGetAction",
        [
            "path": .string, "port": .integerOrString, "host": .string, "scheme": .string,
            "httpHeaders": .objects(ObjectSchema("HTTPHeader", ["name": .string, "value": .string])),
        ])

    private static let lifecycleHandler = ObjectSchema(
        "LifecycleHandler",
        handlerFields.merging(["sleep": .object(ObjectSchema("SleepAction", ["seconds": .int64]))]) { $1 })

    /// core/v1 Lifecycle.
    static let lifecycle = ObjectSchema(
        "Lifecycle",
        [
            "postStart": .object(lifecycleHandler), "preStop": .object(lifecycleHandler), "stopSignal": .string,
        ])
}
