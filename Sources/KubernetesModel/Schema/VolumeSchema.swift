extension ObjectSchema {
    /// core/v1 Volume. Sources that no lab can serve are known by name and kept as they are.
    static let volume = ObjectSchema(
        "Volume",
        [
            "name": .string, "emptyDir": .object(emptyDir), "hostPath": .object(hostPath),
            "configMap": .object(configMapVolume), "secret": .object(secretVolume),
            "downwardAPI": .object(
                ObjectSchema(
                    "DownwardAPIVolumeSource", ["items": .objects(downwardAPIFile), "defaultMode": .int32])),
            "projected": .object(projected), "persistentVolumeClaim": .object(claim), "ephemeral": .any,
            "gcePersistentDisk": .any, "awsElasticBlockStore": .any, "gitRepo": .any, "nfs": .any, "iscsi": .any,
            "glusterfs": .any, "rbd": .any, "flexVolume": .any, "cinder": .any, "cephfs": .any, "flocker": .any,
            "fc": .any, "azureFile": .any, "vsphereVolume": .any, "quobyte": .any, "azureDisk": .any,
            "photonPersistentDisk": .any, "portworxVolume": .any, "scaleIO": .any, "storageos": .any, "csi": .any,
            "image": .any,
        ])

    private static let emptyDir = ObjectSchema(
        "EmptyDirVolumeSource", ["medium": .string, "sizeLimit": .quantity])

    private static let hostPath = ObjectSchema("HostPathVolumeSource", ["path": .string, "type": .string])

    private static let claim = ObjectSchema(
        "PersistentVolumeClaimVolumeSource", ["claimName": .string, "readOnly": .boolean])

    private static let keyToPath = ObjectSchema("KeyToPath", ["key": .string, "path": .string, "mode": .int32])

    private static let configMapVolume = ObjectSchema(
        "ConfigMapVolumeSource",
        [
            "name": .string, "items": .objects(keyToPath), "defaultMode": .int32, "optional": .boolean,
        ])

    private static let secretVolume = ObjectSchema(
        "SecretVolumeSource",
        [
            "secretName": .string, "items": .objects(keyToPath), "defaultMode": .int32, "optional": .boolean,
        ])

    private static let downwardAPIFile = ObjectSchema(
        "DownwardAPIVolumeFile",
        [
            "path": .string, "fieldRef": .object(objectFieldSelector),
            "resourceFieldRef": .object(resourceFieldSelector), "mode": .int32,
        ])

    private static let projected = ObjectSchema(
        "ProjectedVolumeSource", ["sources": .objects(volumeProjection), "defaultMode": .int32])

    private static let volumeProjection = ObjectSchema(
        "VolumeProjection",
        [
            "secret": .object(
                ObjectSchema(
                    "SecretProjection", ["name": .string, "items": .objects(keyToPath), "optional": .boolean])),
            "configMap": .object(
                ObjectSchema(
                    "ConfigMapProjection", ["name": .string, "items": .objects(keyToPath), "optional": .boolean])),
            "downwardAPI": .object(ObjectSchema("DownwardAPIProjection", ["items": .objects(downwardAPIFile)])),
            "serviceAccountToken": .object(
                ObjectSchema(
                    "ServiceAccountTokenProjection",
                    ["audience": .string, "expirationSeconds": .int64, "path": .string])),
            "clusterTrustBundle": .any, "podCertificate": .any,
        ])
}
