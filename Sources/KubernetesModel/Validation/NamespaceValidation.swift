extension Faults {
    mutating func namespace(_ namespace: JSONValue) {
        for finalizer in (namespace["spec"]?.elements("finalizers") ?? []).compactMap(\.string) {
            invalid("spec.finalizers", finalizer, Naming.qualifiedNameFaults(finalizer))
            kubernetesFinalizer("spec.finalizers", finalizer)
        }
    }
}
