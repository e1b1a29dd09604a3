extension ObjectSchema {
    /// apps/v1 Deployment.
    static let deployment = kind(
        "Deployment", ["spec": .object(deploymentSpec), "status": .object(deploymentStatus)])

    private static let deploymentSpec = ObjectSchema(
        "DeploymentSpec",
        [
            "replicas": .int32, "selector": .object(.labelSelector), "template": .object(.podTemplateSpec),
            "strategy": .object(deploymentStrategy), "minReadySeconds": .int32, "revisionHistoryLimit": .int32,
            "paused": .boolean, "progressDeadlineSeconds": .int32,
        ])

    private static let deploymentStrategy = ObjectSchema(
        "DeploymentStrategy",
        [
            "type": .string,
            "rollingUpdate": .object(
                ObjectSchema(
                    "RollingUpdateDeployment", ["maxUnavailable": .integerOrString, "maxSurge": .integerOrString])),
        ])

    private static let deploymentStatus = ObjectSchema(
        "DeploymentStatus",
        [
            "observedGeneration": .int64, "replicas": .int32, "updatedReplicas": .int32, "readyReplicas": .int32,
            "availableReplicas": .int32, "unavailableReplicas": .int32, "terminatingReplicas": .int32,
            "conditions": .objects(deploymentCondition, by: "type"), "collisionCount": .int32,
        ])

    private static let deploymentCondition = ObjectSchema(
        "DeploymentCondition",
        [
            "type": .string, "status": .string, "lastUpdateTime": .time, "lastTransitionTime": .time,
            "reason": .string, "message": .string,
        ])

    /// apps/v1 ReplicaSet.
    static let replicaSet = kind(
        "ReplicaSet", ["spec": .object(replicaSetSpec), "status": .object(replicaSetStatus)])

    private static let replicaSetSpec = ObjectSchema(
        "ReplicaSetSpec",
        [
            "replicas": .int32, "minReadySeconds": .int32, "selector": .object(.labelSelector),
            "template": .object(.podTemplateSpec),
        ])

    private static let replicaSetStatus = ObjectSchema(
        "ReplicaSetStatus",
        [
            "replicas": .int32, "fullyLabeledReplicas": .int32, "readyReplicas": .int32, "availableReplicas": .int32,
            "terminatingReplicas": .int32, "observedGeneration": .int64,
            "conditions": .objects(replicaSetCondition, by: "type"),
        ])

    private static let replicaSetCondition = ObjectSchema(
        "ReplicaSetCondition",
        [
            "type": .string, "status": .string, "lastTransitionTime": .time, "reason": .string, "message": .string,
        ])

    static let podTemplateSpec = ObjectSchema(
        "PodTemplateSpec", ["metadata": .object(.objectMeta), "spec": .object(.podSpec)])
}
