extension Description {
    /// The containers of a pod, or of a template where the indentation is two spaces.
    mutating func containers(
        _ title: String, _ containers: [JSONValue], _ statuses: [JSONValue], _ indentation: String = ""
    ) {
        if containers.isEmpty {
            out.add(0, "\(indentation)\(title):\(Labels.none)")
            return
        }
        out.add(0, "\(indentation)\(title):")
        for container in containers {
            let name = container.text(at: "name")
            let status = statuses.first { $0.text(at: "name") == name }
            out.add(1, "\(indentation.isEmpty ? "" : " ")\(name):")
            basics(container, status)
            words("Command", container.elements(at: "command"))
            words("Args", container.elements(at: "args"))
            if let status { self.status(status) }
            quantities("Limits", container[path: ["resources", "limits"]])
            quantities("Requests", container[path: ["resources", "requests"]])
            for (key, field) in [
                ("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe"),
            ] {
                if let probe = container[field], probe.object != nil {
                    out.add(2, "\(key):\t\(Self.text(ofProbe: probe))")
                }
            }
            environment(container, isTemplate: !indentation.isEmpty)
            mounts(container.elements(at: "volumeMounts"))
        }
    }

    private mutating func basics(_ container: JSONValue, _ status: JSONValue?) {
        if let status { out.add(2, "Container ID:\t\(status.text(at: "containerID"))") }
        out.add(2, "Image:\t\(container.text(at: "image"))")
        if let status { out.add(2, "Image ID:\t\(status.text(at: "imageID"))") }
        let ports = container.elements(at: "ports")
        for (key, field) in [("Port", "containerPort"), ("Host Port", "hostPort")] {
            let list = ports.map { "\($0.number(at: field))/\($0.text(at: "protocol").or("TCP"))" }
            out.add(2, "\(key)\(list.count > 1 ? "s" : ""):\t\(list.joined(separator: ", ").or(Labels.none))")
        }
    }

    private mutating func words(_ title: String, _ words: [JSONValue]) {
        if words.isEmpty { return }
        out.add(2, "\(title):")
        for word in words { out.add(3, word.plainText) }
    }

    private mutating func quantities(_ title: String, _ quantities: JSONValue?) {
        guard let quantities = quantities?.object, !quantities.isEmpty else { return }
        out.add(2, "\(title):")
        for (name, quantity) in quantities.sorted(by: { $0.key < $1.key }) {
            out.add(3, "\(name):\t\(quantity.plainText)")
        }
    }

    private mutating func status(_ status: JSONValue) {
        state("State", status["state"] ?? [:])
        if let last = status["lastState"], last["terminated"]?.object != nil { state("Last State", last) }
        out.add(2, "Ready:\t\(status.flag(at: "ready") ? "True" : "False")")
        out.add(2, "Restart Count:\t\(status.number(at: "restartCount"))")
    }

    private mutating func state(_ title: String, _ state: JSONValue) {
        if let running = state["running"], running.object != nil {
            out.add(2, "\(title):\tRunning")
            out.add(3, "Started:\t\(longTime(running["startedAt"]?.string))")
        } else if let terminated = state["terminated"], terminated.object != nil {
            out.add(2, "\(title):\tTerminated")
            for (key, field) in [("Reason", "reason"), ("Message", "message")] where !terminated.text(at: field).isEmpty
            {
                out.add(3, "\(key):\t\(terminated.text(at: field))")
            }
            out.add(3, "Exit Code:\t\(terminated.number(at: "exitCode"))")
            if terminated.number(at: "signal") > 0 { out.add(3, "Signal:\t\(terminated.number(at: "signal"))") }
            out.add(3, "Started:\t\(longTime(terminated["startedAt"]?.string))")
            out.add(3, "Finished:\t\(longTime(terminated["finishedAt"]?.string))")
        } else {
            out.add(2, "\(title):\tWaiting")
            let reason = state.text(at: "waiting", "reason")
            if !reason.isEmpty { out.add(3, "Reason:\t\(reason)") }
        }
    }

    private static func text(ofProbe probe: JSONValue) -> String {
        let attributes =
            "delay=\(probe.number(at: "initialDelaySeconds"))s timeout=\(probe.number(at: "timeoutSeconds"))s "
            + "period=\(probe.number(at: "periodSeconds"))s #success=\(probe.number(at: "successThreshold")) "
            + "#failure=\(probe.number(at: "failureThreshold"))"
        if let http = probe["httpGet"], http.object != nil {
            let path = http.text(at: "path")
            let scheme = http.text(at: "scheme").or("HTTP").lowercased()
            let host = "\(http.text(at: "host")):\(http["port"]?.plainText ?? "")"
            return "http-get \(scheme)://\(host)\(path.hasPrefix("/") || path.isEmpty ? "" : "/")\(path) \(attributes)"
        }
        if let tcp = probe["tcpSocket"], tcp.object != nil {
            return "tcp-socket \(tcp.text(at: "host")):\(tcp["port"]?.plainText ?? "") \(attributes)"
        }
        if let exec = probe["exec"], exec.object != nil {
            let command = exec.elements(at: "command").map(\.plainText).joined(separator: " ")
            return "exec [\(command)] \(attributes)"
        }
        if let grpc = probe["grpc"], grpc.object != nil {
            return "grpc <pod>:\(grpc.number(at: "port")) \(grpc.text(at: "service")) \(attributes)"
        }
        return "unknown \(attributes)"
    }

    private mutating func environment(_ container: JSONValue, isTemplate: Bool) {
        let sources = container.elements(at: "envFrom")
        if !sources.isEmpty { out.add(2, "Environment Variables from:") }
        for source in sources {
            let isMap = source["configMapRef"]?.object != nil
            let reference = source[isMap ? "configMapRef" : "secretRef"] ?? [:]
            let prefix = source.text(at: "prefix")
            let kind = (isMap ? "ConfigMap" : "Secret") + (prefix.isEmpty ? "" : " with prefix '\(prefix)'")
            out.add(3, "\(reference.text(at: "name"))\t\(kind)\tOptional: \(reference.flag(at: "optional"))")
        }
        let variables = container.elements(at: "env")
        out.add(2, variables.isEmpty ? "Environment:\t\(Labels.none)" : "Environment:")
        for variable in variables {
            let name = variable.text(at: "name")
            guard let source = variable["valueFrom"], source.object != nil else {
                let lines = variable.text(at: "value").split(separator: "\n", omittingEmptySubsequences: false)
                out.add(3, "\(name):\t\(lines.first ?? "")")
                for line in lines.dropFirst() { out.add(3, "\t\(line)") }
                continue
            }
            out.add(3, "\(name):\t\(text(ofSource: source, isTemplate: isTemplate))")
        }
    }

    private func text(ofSource source: JSONValue, isTemplate: Bool) -> String {
        if let field = source["fieldRef"], field.object != nil {
            let path = field.text(at: "fieldPath")
            let steps = path.split(separator: ".").map(String.init)
            let value = isTemplate ? "" : object.value[path: steps]?.plainText ?? ""
            return "\(value) (\(field.text(at: "apiVersion").or("v1")):\(path))"
        }
        if let resource = source["resourceFieldRef"], resource.object != nil {
            return " (\(resource.text(at: "resource")))"
        }
        for (field, words) in [("secretKeyRef", "in secret"), ("configMapKeyRef", "of config map")] {
            guard let key = source[field], key.object != nil else { continue }
            return "<set to the key '\(key.text(at: "key"))' \(words) '\(key.text(at: "name"))'>\t"
                + "Optional: \(key.flag(at: "optional"))"
        }
        return ""
    }

    private mutating func mounts(_ mounts: [JSONValue]) {
        out.add(2, mounts.isEmpty ? "Mounts:\t\(Labels.none)" : "Mounts:")
        for mount in mounts.sorted(by: { $0.text(at: "mountPath") < $1.text(at: "mountPath") }) {
            var flags = mount.flag(at: "readOnly") ? "ro" : "rw"
            let path = mount.text(at: "subPath")
            if !path.isEmpty { flags += ",path=\"\(path)\"" }
            out.add(3, "\(mount.text(at: "mountPath")) from \(mount.text(at: "name")) (\(flags))")
        }
    }

    /// The volumes of a pod, or of a template where the indentation is two spaces.
    mutating func volumes(_ volumes: [JSONValue], _ indentation: String = "") {
        if volumes.isEmpty {
            line("\(indentation)Volumes", Labels.none)
            return
        }
        out.add(0, "\(indentation)Volumes:")
        for volume in volumes {
            out.add(1, "\(indentation.isEmpty ? "" : " ")\(volume.text(at: "name")):")
            for (key, value) in Self.lines(ofVolume: volume) { out.add(2, "\(key):\t\(value)") }
        }
    }

    private static func lines(ofVolume volume: JSONValue) -> [(String, String)] {
        if let directory = volume["emptyDir"], directory.object != nil {
            return [
                ("Type", "EmptyDir (a temporary directory that shares a pod's lifetime)"),
                ("Medium", directory.text(at: "medium")),
                ("SizeLimit", directory["sizeLimit"]?.plainText ?? "<unset>"),
            ]
        }
        if let map = volume["configMap"], map.object != nil {
            return [
                ("Type", "ConfigMap (a volume populated by a ConfigMap)"), ("Name", map.text(at: "name")),
                ("Optional", "\(map.flag(at: "optional"))"),
            ]
        }
        if let secret = volume["secret"], secret.object != nil {
            return [
                ("Type", "Secret (a volume populated by a Secret)"), ("SecretName", secret.text(at: "secretName")),
                ("Optional", "\(secret.flag(at: "optional"))"),
            ]
        }
        if let host = volume["hostPath"], host.object != nil {
            return [
                ("Type", "HostPath (bare host directory volume)"), ("Path", host.text(at: "path")),
                ("HostPathType", host["type"]?.string ?? Labels.none),
            ]
        }
        guard let projected = volume["projected"], projected.object != nil else { return [("Type", "<unknown>")] }
        return [("Type", "Projected (a volume that contains injected data from multiple sources)")]
            + projected.elements(at: "sources").flatMap(lines(ofSource:))
    }

    private static func lines(ofSource source: JSONValue) -> [(String, String)] {
        if let token = source["serviceAccountToken"], token.object != nil {
            return [("TokenExpirationSeconds", String(token.number(at: "expirationSeconds")))]
        }
        for (field, name, optional) in [
            ("configMap", "ConfigMapName", "ConfigMapOptional"), ("secret", "SecretName", "SecretOptionalName"),
        ] {
            guard let reference = source[field], reference.object != nil else { continue }
            return [
                (name, reference.text(at: "name")), (optional, reference["optional"]?.bool.map { "\($0)" } ?? "<nil>"),
            ]
        }
        return source["downwardAPI"]?.object != nil ? [("DownwardAPI", "true")] : []
    }
}
