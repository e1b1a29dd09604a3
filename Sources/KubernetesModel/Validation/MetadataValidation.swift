extension Faults {
    /// The largest sum of all annotations' keys and values, in bytes.
    private static let annotationLimit = 256 * 1024

    /// meta/v1 ObjectMeta of an object of a kind.
    mutating func metadata(_ metadata: JSONValue, of type: ResourceType) {
        if let prefix = metadata.text("generateName") {
            invalid("metadata.generateName", prefix, type.nameFaults(prefix, isPrefix: true))
        }
        if let name = metadata.text("name") {
            invalid("metadata.name", name, type.nameFaults(name))
        } else {
            required("metadata.name", "name or generateName is required")
        }
        let namespace = metadata.text("namespace")
        if type.isNamespaced {
            if let namespace {
                invalid("metadata.namespace", namespace, Naming.labelFaults(namespace))
            } else {
                required("metadata.namespace")
            }
        } else if namespace != nil {
            forbidden("metadata.namespace", "not allowed on this type")
        }
        nonNegative("metadata.generation", metadata["generation"])
        labels("metadata.labels", metadata["labels"])
        annotations("metadata.annotations", metadata["annotations"])
        ownerReferences("metadata.ownerReferences", metadata.elements("ownerReferences"))
        finalizers("metadata.finalizers", metadata.elements("finalizers").compactMap(\.string))
    }

    /// The keys and values of labels, of a selector too.
    mutating func labels(_ path: String, _ labels: JSONValue?) {
        guard let labels = labels?.object else { return }
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            invalid(path, key, Naming.qualifiedNameFaults(key))
            if let value = value.string { invalid(path, value, Naming.labelValueFaults(value)) }
        }
    }

    mutating func annotations(_ path: String, _ annotations: JSONValue?) {
        guard let annotations = annotations?.object else { return }
        for key in annotations.keys.sorted() {
            invalid(path, key, Naming.qualifiedNameFaults(key.lowercased()))
        }
        let size = annotations.reduce(0) { $0 + $1.key.utf8.count + ($1.value.string?.utf8.count ?? 0) }
        if size > Self.annotationLimit { tooLong(path, Self.annotationLimit) }
    }

    private mutating func ownerReferences(_ path: String, _ references: [JSONValue]) {
        var controller: String?
        for reference in references {
            let version = reference.text("apiVersion") ?? ""
            if version.isEmpty || version.hasSuffix("/") {
                invalid("\(path).apiVersion", .string(version), "version must not be empty")
            }
            for field in ["kind", "name", "uid"] where reference.isUnset(field) {
                invalid("\(path).\(field)", "", ["must not be empty"])
            }
            if version == "v1", reference["kind"] == "Event" {
                invalid(path, reference, "/v1, Kind=Event is disallowed from being an owner")
            }
            guard reference["controller"] == true else { continue }
            let name = "\(reference.text("kind") ?? "")/\(reference.text("name") ?? "")"
            if let controller {
                invalid(
                    path, .array(references),
                    "Only one reference can have Controller set to true. Found \"true\" in references for "
                        + "\(controller) and \(name)")
            } else {
                controller = name
            }
        }
    }

    private mutating func finalizers(_ path: String, _ finalizers: [String]) {
        for finalizer in finalizers { invalid(path, finalizer, Naming.qualifiedNameFaults(finalizer)) }
        if finalizers.contains("orphan"), finalizers.contains("foregroundDeletion") {
            invalid(
                path, .array(finalizers.map(JSONValue.string)),
                "finalizer orphan and foregroundDeletion cannot be both set")
        }
        for (index, finalizer) in finalizers.enumerated() { kubernetesFinalizer("\(path)[\(index)]", finalizer) }
    }

    /// Names without a domain are Kubernetes' own.
    mutating func kubernetesFinalizer(_ path: String, _ finalizer: String) {
        if !finalizer.contains("/"), !["kubernetes", "orphan", "foregroundDeletion"].contains(finalizer) {
            invalid(
                path, finalizer, ["name is neither a standard finalizer name nor is it fully qualified"])
        }
    }

    /// What may not change about an object's metadata. A field that the new object leaves out is as before.
    mutating func metadataChange(_ new: JSONValue, replacing old: JSONValue, of type: ResourceType) {
        if old["deletionTimestamp"] != nil {
            let before = Set(old.elements("finalizers"))
            let added = Set(new.elements("finalizers")).subtracting(before).compactMap(\.string).sorted()
            if !added.isEmpty {
                let list = added.map { "\"\($0)\"" }.joined(separator: ", ")
                forbidden(
                    "metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, found new finalizers "
                        + "[]string{\(list)}")
            }
        }
        if let before = old["generation"]?.integer, let now = new["generation"]?.integer, now < before {
            invalid("metadata.generation", .integer(now), "must not be decremented")
        }
        immutable("metadata.name", new["name"], old["name"])
        if type.isNamespaced { immutable("metadata.namespace", new["namespace"], old["namespace"]) }
        for field in ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"]
        where !new.isUnset(field) {
            immutable("metadata.\(field)", new[field], old[field])
        }
    }
}
