import KubernetesModel

// Stands for what another branch brings; this file goes when that is merged.
extension ResourceType {
    func faults(of object: APIObject) -> [FieldError] {
        object["spec", "faulty"] == nil ? [] : [.invalid("spec.faulty", true, "must not be")]
    }
    func faults(of object: APIObject, replacing: APIObject) -> [FieldError] { faults(of: object) }
}
