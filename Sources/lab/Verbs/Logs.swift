import ArgumentParser
import KubernetesModel
import Runtime

/// `lab logs`
struct Logs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what a pod's containers write, as kubectl logs does.",
        usage: "lab logs POD [-c CONTAINER] [-f]\n  lab logs deployment/NAME | service/NAME | -l SELECTOR",
        discussion: """
            Of a Deployment, ReplicaSet or Service the log of one of its pods is shown: a running and ready one, if there is \
            one. With a selector those of all pods, ten lines each unless --tail says otherwise.
            """)

    @Argument(help: "The pod, or deployment/NAME, replicaset/NAME, service/NAME.")
    var target: String?

    @Option(name: [.short, .long], help: "The pod's namespace.")
    var namespace = "default"

    @Option(name: [.short, .long], help: "The container; the first one unless told.")
    var container: String?

    @Flag(help: "All containers, one after the other.")
    var allContainers = false

    @Option(name: [.customShort("l"), .long], help: "The pods with these labels.")
    var selector: String?

    @Flag(name: [.short, .long], help: "Go on as more is written.")
    var follow = false

    @Option(help: "Only so many of the last lines; -1 for all.")
    var tail: Int?

    @Flag(name: [.short, .long], help: "What the container wrote before it was last started again.")
    var previous = false

    @Option(help: "Only what was written since then: 30s, 5m, 1h.")
    var since: String?

    @Flag(help: "Begin each line with the time.")
    var timestamps = false

    @OptionGroup var selection: LabSelection

    func validate() throws {
        if target == nil, selector == nil { throw ValidationError("name a pod, or select some with -l") }
        if target != nil, selector != nil { throw ValidationError("name a pod or select some, not both") }
        if container != nil, allContainers { throw ValidationError("-c and --all-containers cannot be combined") }
    }

    func run() throws {
        let options = try query
        let api = try LabAPI(selection)
        for pod in try pods(api) {
            for container in try containers(of: pod) {
                try show(pod, container, options, api)
            }
        }
    }

    /// The options that the server understands.
    private var query: [(name: String, value: String)] {
        get throws {
            var query: [(name: String, value: String)] = []
            if follow { query.append(("follow", "true")) }
            if previous { query.append(("previous", "true")) }
            if timestamps { query.append(("timestamps", "true")) }
            let lines = tail ?? (selector == nil ? -1 : 10)
            if lines >= 0 { query.append(("tailLines", String(lines))) }
            if let since {
                guard let seconds = Self.seconds(since) else {
                    throw ValidationError("'\(since)' is no duration; write 30s, 5m or 1h")
                }
                query.append(("sinceSeconds", String(max(1, seconds))))
            }
            return query
        }
    }

    /// The seconds of `1h30m`, or nil.
    static func seconds(_ text: String) -> Int? {
        var total = 0
        var digits = ""
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
            guard let unit = units[character], let number = Int(digits) else { return nil }
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: unit)
            guard !isTooLarge, product < 1 << 40 else { return nil }
            total += product
            digits = ""
        }
        return digits.isEmpty && !text.isEmpty ? total : nil
    }

    // MARK: Pods and containers

    private func pods(_ api: LabAPI) throws -> [APIObject] {
        if let selector {
            let pods = try api.list(.pods, namespace: namespace, labels: selector).objects
            if pods.isEmpty {
                FileHandleStream.standardError.write("No resources found in \(namespace) namespace.\n")
            }
            if follow, pods.count > 1 {
                throw Complaint("error: \(pods.count) pods match; follow one at a time: \(Self.names(pods))")
            }
            return pods
        }
        let word = target ?? ""
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            guard let pod = try api.objectIfAny(ObjectKey(.pods, namespace: namespace, name: word)) else {
                throw Complaint(
                    "error: error from server (NotFound): pods \"\(word)\" not found in namespace \"\(namespace)\"")
            }
            return [pod]
        }
        let type = try ResourceType.word(parts[0])
        let object = try api.object(ObjectKey(type, namespace: namespace, name: parts[1]))
        if type == .pods { return [object] }
        return [try Self.pod(behind: object, type, api)]
    }

    private static func names(_ pods: [APIObject]) -> String { pods.map(\.name).joined(separator: ", ") }

    /// One of the pods that an object selects, the best to look at.
    private static func pod(behind object: APIObject, _ type: ResourceType, _ api: LabAPI) throws -> APIObject {
        let labels: String
        switch type {
        case .deployments, .replicaSets:
            labels = LabelSelector(object["spec", "selector"] ?? .null).parameter
        case .services:
            let pairs = (object["spec", "selector"]?.object ?? [:]).sorted { $0.key < $1.key }
            labels = pairs.map { "\($0.key)=\($0.value.string ?? "")" }.joined(separator: ",")
        default: labels = ""
        }
        guard !labels.isEmpty else {
            throw Complaint("error: cannot get the logs from \(type.singular)/\(object.name): it selects no pods")
        }
        let pods = try api.list(.pods, namespace: object.namespace, labels: labels).objects.sorted(by: isBetter)
        guard let best = pods.first else {
            throw Complaint("error: no pods of \(type.singular)/\(object.name) (\(labels)) in \(object.namespace)")
        }
        if pods.count > 1 {
            FileHandleStream.standardError.write("Found \(pods.count) pods, using pod/\(best.name)\n")
        }
        return best
    }

    /// Assigned before unassigned, running before pending, ready before others, then the older one.
    static func isBetter(_ one: APIObject, _ other: APIObject) -> Bool {
        func rank(_ pod: APIObject) -> [Int] {
            let phases = ["Running": 0, "Unknown": 1, "Pending": 2]
            let isReady = (pod["status", "conditions"]?.array ?? []).contains {
                $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
            }
            return [
                (pod["spec", "nodeName"]?.string ?? "").isEmpty ? 1 : 0,
                phases[pod["status", "phase"]?.string ?? ""] ?? 3, isReady ? 0 : 1,
            ]
        }
        let (a, b) = (rank(one), rank(other))
        if a != b { return a.lexicographicallyPrecedes(b) }
        let (x, y) = (one.creationTimestamp ?? "", other.creationTimestamp ?? "")
        return x == y ? one.name < other.name : x < y
    }

    private func containers(of pod: APIObject) throws -> [String] {
        let names = (pod["spec", "containers"]?.array ?? []).compactMap { $0["name"]?.string }
        if let container {
            guard names.contains(container) else {
                throw Complaint("error: container \(container) is not valid for pod \(pod.name)")
            }
            return [container]
        }
        if allContainers { return names }
        if names.count > 1, let first = names.first {
            FileHandleStream.standardError.write(
                "Defaulted container \"\(first)\" out of: \(names.joined(separator: ", "))\n")
        }
        return Array(names.prefix(1))
    }

    private func show(
        _ pod: APIObject, _ container: String, _ options: [(name: String, value: String)], _ api: LabAPI
    ) throws {
        let path = ResourceType.pods.path(namespace: pod.namespace, name: pod.name, subresource: "log")
        let answer = try api.client.send(path, query: [("container", container)] + options, accept: "*/*")
        while let piece = try answer.next() { FileHandleStream.standardOutput.write(piece) }
    }
}

extension LabelSelector {
    /// The selector as a request's parameter.
    fileprivate var parameter: String {
        requirements.map { requirement in
            let values = requirement.values.sorted().joined(separator: ",")
            return switch requirement.comparison {
            case .isIn: "\(requirement.key) in (\(values))"
            case .isNotIn: "\(requirement.key) notin (\(values))"
            case .exists: requirement.key
            case .doesNotExist: "!\(requirement.key)"
            }
        }.joined(separator: ",")
    }
}
