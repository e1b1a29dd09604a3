extension Faults {
    /// The three probes of a container.
    mutating func probes(_ path: String, _ container: JSONValue) {
        for field in ["livenessProbe", "readinessProbe", "startupProbe"] {
            guard let probe = container[field] else { continue }
            let path = "\(path).\(field)"
            handler(path, probe)
            for number in [
                "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
            ] {
                nonNegative("\(path).\(number)", probe[number])
            }
            let grace = probe["terminationGracePeriodSeconds"]
            if let seconds = grace?.integer, seconds <= 0 {
                invalid("\(path).terminationGracePeriodSeconds", grace, "must be greater than 0")
            }
            if field == "readinessProbe" {
                if grace != nil {
                    invalid(
                        "\(path).terminationGracePeriodSeconds", grace, "must not be set for readinessProbes")
                }
            } else if let threshold = probe["successThreshold"], threshold != 1 {
                invalid("\(path).successThreshold", threshold, "must be 1")
            }
        }
    }

    /// What a container runs when it has started and before it ends.
    mutating func lifecycle(_ path: String, _ lifecycle: JSONValue?, grace: Int64?) {
        for field in ["postStart", "preStop"] {
            if let action = lifecycle?[field] { handler("\(path).\(field)", action, grace: grace) }
        }
    }

    private mutating func handler(_ path: String, _ handler: JSONValue, grace: Int64? = nil) {
        var hasOne = false
        for kind in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
            guard let action = handler[kind] else { continue }
            if hasOne {
                forbidden("\(path).\(kind)", "may not specify more than 1 handler type")
                continue
            }
            hasOne = true
            self.action("\(path).\(kind)", kind, action, grace)
        }
        if !hasOne { required(path, "must specify a handler type") }
    }

    private mutating func action(_ path: String, _ kind: String, _ action: JSONValue, _ grace: Int64?) {
        switch kind {
        case "exec":
            if action.elements("command").isEmpty { required("\(path).command") }
        case "httpGet":
            if action.isUnset("path") { required("\(path).path") }
            portNumberOrName("\(path).port", action["port"])
            supported("\(path).scheme", action["scheme"]?.string ?? "", ["HTTP", "HTTPS"])
            for header in action.elements("httpHeaders") {
                let name = header["name"]?.string ?? ""
                invalid("\(path).httpHeaders", name, Naming.headerNameFaults(name))
            }
        case "sleep":
            if let grace, let seconds = action["seconds"]?.integer, seconds < 0 || seconds > grace {
                invalid(
                    path, .integer(seconds),
                    "must be non-negative and less than terminationGracePeriodSeconds (\(grace))")
            }
        default: portNumberOrName("\(path).port", action["port"])
        }
    }
}
