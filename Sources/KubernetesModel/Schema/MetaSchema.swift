extension ObjectSchema {
    /// meta/v1 ObjectMeta.
    public static let objectMeta = ObjectSchema(
        "ObjectMeta",
        [
            "name": .string, "generateName": .string, "namespace": .string, "selfLink": .string, "uid": .string,
            "resourceVersion": .string, "generation": .int64, "creationTimestamp": .time, "deletionTimestamp": .time,
            "deletionGracePeriodSeconds": .int64, "labels": .stringMap, "annotations": .stringMap,
            "ownerReferences": .objects(.ownerReference, by: "uid"), "finalizers": .list(.string, .set),
            "managedFields": .objects(.managedFieldsEntry),
        ])

    static let ownerReference = ObjectSchema(
        "OwnerReference", isAtomic: true,
        [
            "apiVersion": .string, "kind": .string, "name": .string, "uid": .string, "controller": .boolean,
            "blockOwnerDeletion": .boolean,
        ])

    static let managedFieldsEntry = ObjectSchema(
        "ManagedFieldsEntry",
        [
            "manager": .string, "operation": .string, "apiVersion": .string, "time": .time, "fieldsType": .string,
            "fieldsV1": .any, "subresource": .string,
        ])

    /// meta/v1 ListMeta.
    public static let listMeta = ObjectSchema(
        "ListMeta",
        [
            "selfLink": .string, "resourceVersion": .string, "continue": .string, "remainingItemCount": .int64,
        ])

    /// meta/v1 LabelSelector.
    static let labelSelector = ObjectSchema(
        "LabelSelector", isAtomic: true,
        ["matchLabels": .stringMap, "matchExpressions": .objects(.labelSelectorRequirement)])

    static let labelSelectorRequirement = ObjectSchema(
        "LabelSelectorRequirement", ["key": .string, "operator": .string, "values": .strings])

    /// meta/v1 Condition.
    static let condition = ObjectSchema(
        "Condition",
        [
            "type": .string, "status": .string, "observedGeneration": .int64, "lastTransitionTime": .time,
            "reason": .string, "message": .string,
        ])

    /// core/v1 ObjectReference.
    static let objectReference = ObjectSchema(
        "ObjectReference", isAtomic: true,
        [
            "kind": .string, "namespace": .string, "name": .string, "uid": .string, "apiVersion": .string,
            "resourceVersion": .string, "fieldPath": .string,
        ])

    /// core/v1 LocalObjectReference.
    static let localObjectReference = ObjectSchema("LocalObjectReference", isAtomic: true, ["name": .string])

    /// core/v1 TypedLocalObjectReference.
    static let typedLocalObjectReference = ObjectSchema(
        "TypedLocalObjectReference", isAtomic: true, ["apiGroup": .string, "kind": .string, "name": .string])
}
