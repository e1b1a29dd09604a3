extension SpecValidation {
    mutating func checkContainers() {
        for (index, pod) in spec.pods.enumerated() {
            let path = FieldPath.root["pod"][index]["container"]
            if pod.containers.isEmpty {
                refuse(path, "the pod has no container", remedy: "give it one, or leave the key out for a server")
            }
            var names: Set<String> = []
            var portNames: Set<String> = []
            for (offset, container) in pod.containers.enumerated() {
                check(container, at: path[offset])
                if !names.insert(container.name).inserted, !container.name.isEmpty {
                    refuse(
                        path[offset]["name"], "two containers of the pod have the name \(Shown.quoted(container.name))",
                        remedy: "give each container of a pod its own name")
                }
                checkPorts(of: container, &portNames, pod, at: path[offset]["port"])
            }
        }
    }

    private mutating func check(_ container: ContainerSpec, at path: FieldPath) {
        check(container.name, .label, "the container's name", at: path["name"])
        if let fault = Self.faultOfImage(container.image) {
            refuse(
                path["image"], "the image \(Shown.quoted(container.image)) is refused: \(fault)",
                remedy: "write an image's name, such as agnhost or docker.io/library/nginx:1.27")
        }
        for (key, texts) in [("command", container.command), ("args", container.arguments)] {
            for (index, text) in texts.enumerated() { refuseNUL(text, at: path[key][index]) }
        }
        for variable in container.environment {
            check(variable.name, .environmentVariable, "the variable's name", at: path["env"][variable.name])
            refuseNUL(variable.value, at: path["env"][variable.name])
        }
        guard let directory = container.workingDirectory else { return }
        refuseNUL(directory, at: path["working-dir"])
        if !directory.hasPrefix("/") {
            refuse(
                path["working-dir"], "the working directory \(Shown.quoted(directory)) is not an absolute path",
                remedy: "begin it with /")
        }
    }

    private static func faultOfImage(_ image: String) -> String? {
        if image.isEmpty { return "it is empty" }
        if image.utf8.count > 512 { return "it has \(image.utf8.count) characters, and at most 512 are allowed" }
        let odd = image.unicodeScalars.first { !(0x21...0x7e).contains($0.value) }
        return odd.map { "it has the character '\(Shown.plain(String($0)))'" }
    }

    /// The kernel takes arguments and paths as C strings.
    private mutating func refuseNUL(_ text: String, at path: FieldPath) {
        guard text.utf8.contains(0) else { return }
        refuse(path, "the text has a NUL character", remedy: "remove it; a program cannot be given one")
    }

    private mutating func checkPorts(
        of container: ContainerSpec, _ names: inout Set<String>, _ pod: PodSpec, at path: FieldPath
    ) {
        for (index, port) in container.ports.enumerated() {
            if port.containerPort == 0 {
                refuse(path[index]["container-port"], "0 is not a port", remedy: "use a number from 1 to 65535")
            }
            if port.hostPort == 0 {
                refuse(path[index]["host-port"], "0 is not a port", remedy: "use a number from 1 to 65535")
            }
            if pod.hostNetwork, port.hostPort != port.containerPort {
                refuse(
                    path[index]["host-port"],
                    "in its node's network the pod's port \(port.containerPort) is the host port too",
                    remedy: "write \(port.containerPort), or leave it out")
            }
            guard let name = port.name else { continue }
            check(name, .portName, "the port's name", at: path[index]["name"])
            if !names.insert(name).inserted {
                refuse(
                    path[index]["name"], "two ports of the pod have the name \(Shown.quoted(name))",
                    remedy: "give each port of a pod its own name")
            }
        }
    }
}
