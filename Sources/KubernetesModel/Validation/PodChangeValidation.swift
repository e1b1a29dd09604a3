extension Faults {
    /// What may not change about a pod: nearly all of its spec. That a pod gets its node is a change of its own in the
    /// API (pods/binding) and is let through here.
    mutating func podChange(_ new: JSONValue, replacing old: JSONValue) {
        let (new, old) = (new["spec"] ?? [:], old["spec"] ?? [:])
        for field in ["containers", "initContainers"]
        where new.elements(field).count != old.elements(field).count {
            return forbidden("spec.\(field)", "pod updates may not add or remove containers")
        }
        let before = found.count
        deadlineChange(new["activeDeadlineSeconds"], replacing: old["activeDeadlineSeconds"])
        tolerationsChange(new.elements("tolerations"), replacing: old.elements("tolerations"))
        guard found.count == before else { return }

        var changed: [String] = []
        Self.tell("spec", Self.fixed(old, like: old), Self.fixed(new, like: old), &changed)
        guard !changed.isEmpty else { return }
        forbidden(
            "spec",
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"
                + changed.joined(separator: "\n"))
    }

    /// Adds a line for every value that differs, twenty at most.
    private static func tell(_ path: String, _ was: JSONValue?, _ now: JSONValue?, _ lines: inout [String]) {
        guard lines.count < 20, !isSame(was, now) else { return }
        switch (was, now) {
        case (.object(let left), .object(let right)):
            for field in Set(left.keys).union(right.keys).sorted() {
                tell("\(path).\(field)", left[field], right[field], &lines)
            }
        case (.array(let left), .array(let right)) where left.count == right.count:
            for index in left.indices { tell("\(path)[\(index)]", left[index], right[index], &lines) }
        default: lines.append("\(path): \(shown(was)) -> \(shown(now))")
        }
    }

    private static func shown(_ value: JSONValue?) -> String {
        let text = value?.text ?? "unset"
        return text.utf8.count > 300 ? "\(text.prefix(300))..." : text
    }

    /// The part of a spec that stays as it is.
    private static func fixed(_ spec: JSONValue, like old: JSONValue) -> JSONValue {
        var spec = spec
        spec["activeDeadlineSeconds"] = nil
        spec["tolerations"] = nil
        spec["ephemeralContainers"] = nil
        if !old.elements("schedulingGates").isEmpty { spec["schedulingGates"] = nil }
        if old.isUnset("nodeName") { spec["nodeName"] = nil }
        if let before = old["terminationGracePeriodSeconds"]?.integer, before < 0,
            spec["terminationGracePeriodSeconds"] == 1
        {
            spec["terminationGracePeriodSeconds"] = .integer(before)
        }
        for field in ["containers", "initContainers"] { spec.changeEach(field) { $0["image"] = nil } }
        return spec
    }

    /// Whether two values mean the same: a list, map or text that is empty is none.
    static func isSame(_ one: JSONValue?, _ other: JSONValue?) -> Bool {
        switch (one ?? .null, other ?? .null) {
        case (.object(let left), .object(let right)):
            left.allSatisfy { isSame($0.value, right[$0.key]) }
                && right.allSatisfy { left[$0.key] != nil || isSame(nil, $0.value) }
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
        case (let left, let right): left == right || (isEmpty(left) && isEmpty(right))
        }
    }

    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value {
        case .null, "": true
        case .array(let elements): elements.isEmpty
        case .object(let fields): fields.values.allSatisfy(isEmpty)
        default: false
        }
    }

    /// A deadline can be set once, and brought forward.
    private mutating func deadlineChange(_ new: JSONValue?, replacing old: JSONValue?) {
        let path = "spec.activeDeadlineSeconds"
        guard let seconds = new?.integer else {
            if old != nil { invalid(path, new, "must not update from a positive integer to nil value") }
            return
        }
        if !(0...Int64(Int32.max)).contains(seconds) {
            invalid(path, new, "must be between 0 and 2147483647, inclusive")
        } else if let before = old?.integer, before < seconds {
            invalid(path, new, "must be less than or equal to previous value")
        }
    }

    /// Tolerations can be added; of those that are there only the seconds can change.
    private mutating func tolerationsChange(_ new: [JSONValue], replacing old: [JSONValue]) {
        func withoutSeconds(_ toleration: JSONValue) -> JSONValue {
            var toleration = toleration
            toleration["tolerationSeconds"] = nil
            return toleration
        }
        let kept = Set(new.map(withoutSeconds))
        if !old.map(withoutSeconds).allSatisfy(kept.contains) {
            forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")
        }
    }
}
