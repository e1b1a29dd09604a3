extension ObjectSchema {
    /// core/v1 Event.
    static let event = kind(
        "Event",
        [
            "involvedObject": .object(.objectReference), "reason": .string, "message": .string,
            "source": .object(ObjectSchema("EventSource", ["component": .string, "host": .string])),
            "firstTimestamp": .time, "lastTimestamp": .time, "count": .int32, "type": .string, "eventTime": .time,
            "series": .object(ObjectSchema("EventSeries", ["count": .int32, "lastObservedTime": .time])),
            "action": .string, "related": .object(.objectReference), "reportingComponent": .string,
            "reportingInstance": .string,
        ])

    /// coordination.k8s.io/v1 Lease.
    static let lease = kind(
        "Lease",
        [
            "spec": .object(
                ObjectSchema(
                    "LeaseSpec",
                    [
                        "holderIdentity": .string, "leaseDurationSeconds": .int32, "acquireTime": .time,
                        "renewTime": .time, "leaseTransitions": .int32, "strategy": .string,
                        "preferredHolder": .string,
                    ]))
        ])
}
