import ArgumentParser
import KubernetesModel
import Runtime
import Topology

/// `lab delete`
struct Delete: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete objects, and wait until they are gone.",
        usage: "lab delete -f FILE|DIRECTORY|-\n  lab delete TYPE NAME … | TYPE/NAME … | TYPE -l SELECTOR | TYPE --all")

    @Argument(help: "What to delete.")
    var resources: [String] = []

    @Option(
        name: [.customShort("f", allowingJoined: true), .long],
        help: "Delete the objects of a manifest; may be repeated.",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var filename: [String] = []

    @Flag(name: [.customShort("R"), .long], help: "Look for manifests in directories of directories too.")
    var recursive = false

    @Option(name: [.short, .long], help: "The objects' namespace.")
    var namespace: String?

    @Option(name: [.customShort("l"), .long], help: "The objects with these labels.")
    var selector: String?

    @Flag(help: "All objects of the kind in the namespace.")
    var all = false

    @Option(help: "Seconds that pods have to end; -1 for what they ask for.")
    var gracePeriod = -1

    @Flag(help: "At once; with --grace-period=0 or alone.")
    var force = false

    @Flag(help: "At once, for kubectl's sake.")
    var now = false

    @Flag(help: "Be content where an object does not exist.")
    var ignoreNotFound = false

    @Option(help: "Whether to wait until the objects are gone; true unless told.")
    var wait: Waiting?

    /// Whether to wait.
    enum Waiting: String, ExpressibleByArgument, CaseIterable {
        case yes = "true"
        case no = "false"
    }

    @OptionGroup var selection: LabSelection

    func validate() throws {
        if filename.isEmpty, resources.isEmpty { throw ValidationError("name the objects, or a manifest with -f") }
        if !filename.isEmpty, !resources.isEmpty { throw ValidationError("give names or -f, not both") }
        if all, selector != nil { throw ValidationError("--all and -l cannot be combined") }
        if force, gracePeriod > 0 {
            throw ValidationError("--force and --grace-period greater than 0 cannot be specified together")
        }
    }

    func run() throws {
        let targets = try filename.isEmpty ? nil : manifestTargets()
        let api = try LabAPI(selection)
        let chosen = try targets ?? namedTargets(api)
        if force {
            FileHandleStream.standardError.write(
                "Warning: Immediate deletion does not wait for confirmation that the running resource has been "
                    + "terminated. The resource may continue to run on the cluster indefinitely.\n")
        }
        var hasFailed = false
        var deleted: [Deletion] = []
        for target in chosen {
            do {
                deleted.append(try delete(target, api))
            } catch let status as APIStatus {
                if status.code == 404, ignoreNotFound || target.mayBeGone { continue }
                var text = Complaint.text(status)
                if let file = target.file {
                    text = "Error from server (\(status.reason)): error when deleting \"\(file)\": \(status.message)"
                }
                FileHandleStream.standardError.write(text + "\n")
                hasFailed = true
            }
        }
        if chosen.isEmpty { FileHandleStream.standardOutput.write("No resources found\n") }
        if wait.map({ $0 == .yes }) ?? !force { for deletion in deleted { try deletion.wait(api) } }
        if hasFailed { throw ExitStatus(status: Exit.failed) }
    }

    // MARK: What to delete

    /// An object that is to go.
    private struct Target {
        let key: ObjectKey
        /// The manifest that names it.
        var file: String?
        /// Whether it was found by a look, and may have gone since.
        var mayBeGone = false
    }

    private func manifestTargets() throws -> [Target] {
        try ManifestSource(filename, isRecursive: recursive, namespace: namespace).objects().map {
            Target(key: $0.key, file: $0.file)
        }
    }

    private func namedTargets(_ api: LabAPI) throws -> [Target] {
        let arguments = try ResourceArguments(resources, verb: "delete")
        let namespace = namespace ?? "default"
        return try arguments.items.flatMap { item -> [Target] in
            if let name = item.name {
                if selector != nil || all {
                    throw Complaint("error: name cannot be provided when a selector is specified", status: Exit.usage)
                }
                return [Target(key: ObjectKey(item.type, namespace: namespace, name: name))]
            }
            guard all || selector != nil else {
                throw Complaint(
                    "error: resource(s) were provided, but no name was specified; name one, or use --all or -l",
                    status: Exit.usage)
            }
            return try api.list(item.type, namespace: namespace, labels: selector).objects.map {
                Target(key: ObjectKey(item.type, $0), mayBeGone: true)
            }
        }
    }

    // MARK: Deleting

    private func delete(_ target: Target, _ api: LabAPI) throws -> Deletion {
        let key = target.key
        var options: [String: JSONValue] = [
            "kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background",
        ]
        let seconds = force ? 0 : now ? 1 : gracePeriod
        if seconds >= 0 { options["gracePeriodSeconds"] = .integer(Int64(seconds)) }
        let answer = try api.client.document(
            key.type.path(namespace: key.namespace, name: key.name), method: "DELETE",
            body: JSONValue.object(options).bytes)
        let type = key.type
        let kind = type.group.isEmpty ? type.singular : "\(type.singular).\(type.group)"
        FileHandleStream.standardOutput.write("\(kind) \"\(key.name)\" \(force ? "force " : "")deleted\n")
        // What is left of the object, or a Status that says what it was.
        let uid = answer[path: ["metadata", "uid"]] ?? answer[path: ["details", "uid"]]
        return Deletion(key: key, uid: uid?.string ?? "")
    }
}

/// An object that is on its way out.
struct Deletion {
    let key: ObjectKey
    let uid: String

    /// Returns when it is gone, or another one has its name.
    func wait(_ api: LabAPI) throws {
        let path = key.type.path(namespace: key.namespace)
        let fields = "metadata.name=\(key.name)"
        while true {
            guard try api.objectIfAny(key)?.uid == uid else { return }
            let found = try api.list(key.type, namespace: key.namespace, fields: fields)
            guard found.objects.contains(where: { $0.uid == uid }) else { return }
            do {
                try api.watch(
                    path, from: found.version, query: [("fieldSelector", fields)], accept: "application/json"
                ) { change, object in
                    !(change == "DELETED" && APIObject(object).uid == uid)
                }
                return
            } catch let status as APIStatus where status.code == 410 { continue }
        }
    }
}
