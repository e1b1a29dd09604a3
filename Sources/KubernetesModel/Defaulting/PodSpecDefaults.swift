extension Defaults {
    /// What pods and pod templates have in common.
    static func podSpec(_ spec: inout JSONValue) {
        spec.setDefault("dnsPolicy", "ClusterFirst")
        spec.setDefault("restartPolicy", "Always")
        spec.setDefault("securityContext", [:])
        spec.setDefault("terminationGracePeriodSeconds", 30)
        spec.setDefault("schedulerName", "default-scheduler")
        // The old name of the field is kept in step with the new one.
        if let account = spec.text("serviceAccountName") ?? spec.text("serviceAccount") {
            spec["serviceAccountName"] = .string(account)
            spec["serviceAccount"] = .string(account)
        }
        for field in ["initContainers", "containers", "ephemeralContainers"] {
            spec.changeEach(field, container)
        }
        spec.changeEach("volumes", volume)
    }

    private static func container(_ container: inout JSONValue) {
        container.setDefault(
            "imagePullPolicy", hasMovingTag(container.text("image") ?? "") ? "Always" : "IfNotPresent")
        container.setDefault("terminationMessagePath", "/dev/termination-log")
        container.setDefault("terminationMessagePolicy", "File")
        container.setDefault("resources", [:])
        container.changeEach("ports") { $0.setDefault("protocol", "TCP") }
        container.changeEach("env") { variable in
            variable.change("valueFrom") { source in
                source.change("fieldRef") { $0.setDefault("apiVersion", "v1") }
                source.change("resourceFieldRef") { $0.setDefault("divisor", "0") }
            }
        }
        for field in ["livenessProbe", "readinessProbe", "startupProbe"] { container.change(field, probe) }
        container.change("lifecycle") { lifecycle in
            for field in ["postStart", "preStop"] {
                lifecycle.change(field) { $0.change("httpGet", httpGet) }
            }
        }
    }

    private static func probe(_ probe: inout JSONValue) {
        probe.setDefaultNumber("timeoutSeconds", 1)
        probe.setDefaultNumber("periodSeconds", 10)
        probe.setDefaultNumber("successThreshold", 1)
        probe.setDefaultNumber("failureThreshold", 3)
        probe.change("httpGet", httpGet)
        probe.change("grpc") { $0.setDefault("service", "") }
    }

    private static func httpGet(_ action: inout JSONValue) {
        action.setDefault("path", "/")
        action.setDefault("scheme", "HTTP")
    }

    /// Whether an image's name means another image tomorrow: it has the tag `latest`, or neither tag nor digest.
    private static func hasMovingTag(_ image: String) -> Bool {
        guard !image.isEmpty, !image.contains("@") else { return false }
        let last = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let parts = last.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 1 || parts[1] == "latest"
    }
}
