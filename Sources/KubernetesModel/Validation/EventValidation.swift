extension Faults {
    /// Events are about objects of their own namespace; those about objects without one are in `default`.
    mutating func event(_ event: JSONValue) {
        let namespace = event[path: ["metadata", "namespace"]]?.string ?? ""
        let involved = event["involvedObject"]?.text("namespace") ?? ""
        let isAllowed = involved.isEmpty ? ["", "default", "kube-system"].contains(namespace) : involved == namespace
        if !isAllowed {
            invalid("involvedObject.namespace", involved, ["does not match event.namespace"])
        }
        guard !event.isUnset("eventTime") else { return }
        if let controller = event.text("reportingComponent") {
            invalid("reportingController", controller, Naming.qualifiedNameFaults(controller))
        } else {
            required("reportingController")
        }
        for field in ["reportingInstance", "action", "reason"] {
            if event.isUnset(field) { required(field) }
            if let text = event.text(field), text.utf8.count > 128 {
                invalid(field, text, ["can have at most 128 characters"])
            }
        }
        if let text = event.text("message"), text.utf8.count > 1024 {
            invalid("message", text, ["can have at most 1024 characters"])
        }
    }

    mutating func lease(_ lease: JSONValue) {
        let spec = lease["spec"] ?? [:]
        if let seconds = spec["leaseDurationSeconds"]?.integer, seconds <= 0 {
            invalid("spec.leaseDurationSeconds", .integer(seconds), "must be greater than 0")
        }
        nonNegative("spec.leaseTransitions", spec["leaseTransitions"])
    }
}
