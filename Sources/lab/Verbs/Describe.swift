import ArgumentParser
import Glibc
import KubernetesModel
import Runtime

/// `lab describe`
struct Describe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show objects in detail, with what happened to them, as kubectl describe does.",
        usage: "lab describe TYPE [NAME …] [-l SELECTOR]\n  lab describe TYPE/NAME …",
        discussion: "A NAME that no object has stands for all whose names begin with it.")

    @Argument(help: "What to describe.")
    var resources: [String] = []

    @Option(name: [.short, .long], help: "The objects' namespace.")
    var namespace = "default"

    @Flag(name: [.customShort("A"), .long], help: "The objects of all namespaces.")
    var allNamespaces = false

    @Option(name: [.customShort("l"), .long], help: "Only objects with these labels.")
    var selector: String?

    @OptionGroup var selection: LabSelection

    func run() throws {
        let arguments = try ResourceArguments(resources, verb: "describe")
        let api = try LabAPI(selection)
        var completed: Set<String> = []
        var objects: [APIObject] = []
        for item in arguments.items {
            let found = try self.objects(item, api)
            objects += found
            // A name that was completed is shown as kubectl does, with a line behind each.
            if let name = item.name, found.first?.name != name { completed.formUnion(found.map(\.uid)) }
        }
        guard !objects.isEmpty else {
            let isNamespaced = !allNamespaces && arguments.types.allSatisfy(\.isNamespaced)
            FileHandleStream.standardError.write(
                isNamespaced ? "No resources found in \(namespace) namespace.\n" : "No resources found\n")
            return
        }
        let now = Int64(time(nil))
        for (index, object) in objects.enumerated() {
            guard let type = ResourceType.of(apiVersion: object.apiVersion, kind: object.kind) else { continue }
            let surroundings = try Surroundings(of: object, type, api)
            let text = Description.text(
                of: object, type: type, related: surroundings.related, events: surroundings.events, now: now)
            let isCompleted = completed.contains(object.uid)
            FileHandleStream.standardOutput.write(
                (index > 0 && !isCompleted ? "\n\n" : "") + text + (isCompleted ? "\n" : ""))
        }
    }

    private func objects(_ item: ResourceArguments.Item, _ api: LabAPI) throws -> [APIObject] {
        guard let name = item.name else {
            return try api.list(item.type, namespace: allNamespaces ? nil : namespace, labels: selector).objects
        }
        let key = ObjectKey(item.type, namespace: namespace, name: name)
        if let object = try api.objectIfAny(key) { return [object] }
        let near = try api.list(item.type, namespace: namespace).objects.filter { $0.name.hasPrefix(name) }
        guard !near.isEmpty else { throw APIStatus.notFound(key) }
        return near
    }
}

/// What a description of an object looks up besides the object.
private struct Surroundings {
    private(set) var related: [APIObject] = []
    let events: [APIObject]

    init(of object: APIObject, _ type: ResourceType, _ api: LabAPI) throws {
        let namespace = object.namespace
        switch type {
        case .services:
            related = try api.list(
                .endpointSlices, namespace: namespace, labels: "kubernetes.io/service-name=\(object.name)"
            ).objects
        case .ingresses:
            related = try api.list(.services, namespace: namespace).objects
            related += try api.list(.endpointSlices, namespace: namespace).objects
        case .nodes:
            related = try api.list(.pods, namespace: nil, fields: "spec.nodeName=\(object.name)").objects
            let lease = ObjectKey(.leases, namespace: "kube-node-lease", name: object.name)
            if let lease = try api.objectIfAny(lease) { related.append(lease) }
        case .deployments: related = try api.list(.replicaSets, namespace: namespace).objects
        case .replicaSets: related = try api.list(.pods, namespace: namespace).objects
        default: break
        }
        events = try api.list(
            .events, namespace: type.isNamespaced ? namespace : nil,
            fields: "involvedObject.kind=\(type.kind),involvedObject.name=\(object.name)"
        ).objects
    }
}
