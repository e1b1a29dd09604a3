import Topology

/// Steps but for those that judge.
extension CaseFile {
    /// What a step may do: one of these.
    static let kinds = [
        "apply", "delete", "scale", "label", "restart", "fault", "wait", "probe", "ping", "health", "resolve",
        "stream", "out-of-window", "stream-end", "name-server", "table",
    ]
    /// What else a step of each kind may say.
    private static let modifiers = [
        "apply": ["refused", "copies"],
        "table": ["settle"],
        "probe": ["expect", "settle", "id", "all-endpoints", "spread", "same-endpoint", "sticks-to", "moves-from"],
        "ping": ["expect", "settle"], "health": ["expect", "settle"],
        "resolve": ["expect", "settle"], "stream-end": ["expect"],
    ]

    func steps(of table: TableReader) -> [CaseStep] {
        let tables = table.tables("step")
        if tables.isEmpty {
            reader.refuse(
                at: table.value.path["step"], position: table.value.position,
                "is missing: a case without steps proves nothing",
                remedy: "add a [[step]] with a probe")
        }
        let steps = tables.compactMap(step)
        if !tables.isEmpty, !steps.contains(where: \.isJudged), reader.diagnostics.isEmpty {
            reader.refuse(
                at: table.value.path["step"], position: table.value.position, "has no probe: nothing would be proven",
                remedy: "add a [[step]] with probe or ping")
        }
        if steps.count == tables.count { refuseDanglingNames(steps, table) }
        return steps
    }

    private func step(_ table: TableReader) -> CaseStep? {
        let kinds = Self.kinds.filter { table[$0] != nil }
        guard kinds.count == 1, let kind = kinds.first else {
            table.refuseUnknownKeys(besides: Self.kinds + Self.modifiers.values.flatMap { $0 }, in: "a step")
            reader.refuse(
                table.value, kinds.isEmpty ? "does nothing" : "does several things: \(kinds.joined(separator: ", "))",
                remedy: "give each [[step]] exactly one of \(Self.kinds.joined(separator: ", "))")
            return nil
        }
        refuseModifiers(of: table, kind)
        return step(table, kind)
    }

    private func refuseModifiers(of table: TableReader, _ kind: String) {
        let own = Self.modifiers[kind] ?? []
        if let expect = table["expect"], !own.contains("expect") {
            reader.refuse(
                expect, "an expectation without a probe is never checked", remedy: "move it to a probe's step")
        }
        table.refuseUnknownKeys(besides: [kind, "expect"] + own, in: "a step with \(kind)")
    }

    private func step(_ table: TableReader, _ kind: String) -> CaseStep? {
        let keyPath = table.value.path.description
        switch kind {
        case "apply":
            guard let paths = table.strings(kind)?.map({ resolve($0.value) }) else { return nil }
            return .apply(
                ApplyStep(
                    paths: paths, copies: copies(table), refusal: table.string("refused")?.value, keyPath: keyPath))
        case "delete": return (table.strings(kind)?.map { resolve($0.value) }).map { .delete($0) }
        case "scale": return scale(table)
        case "label": return label(table)
        case "restart": return component(table).map { .restart($0) }
        case "fault": return fault(table)
        case "wait": return duration("wait", of: table).map { .wait($0) }
        case "health": return health(table)
        case "resolve": return resolve(table)
        case "stream": return stream(table)
        case "name-server": return nameServer(table)
        case "out-of-window": return table.string(kind).map { .outOfWindow(stream: $0.value) }
        case "stream-end": return streamEnd(table)
        case "table": return truthTable(table, keyPath)
        default: return probe(table, kind: kind)
        }
    }

    /// `table = "oracle"`: nobody else can say what so many flows should do.
    private func truthTable(_ step: TableReader, _ keyPath: String) -> CaseStep? {
        guard let text = step.string("table") else { return nil }
        if text.value != "oracle" {
            reader.refuse(
                text.source, "\(Shown.quoted(text.value)) says of no flow what it does", remedy: "use \"oracle\"")
        }
        let settle = step["settle"] == nil ? Duration.zero : duration("settle", of: step) ?? .zero
        return .table(TableStep(settle: settle, keyPath: keyPath))
    }

    private func copies(_ step: TableReader) -> Int {
        guard let number = step.integer("copies") else { return 1 }
        guard (1...10_000).contains(number.value) else {
            reader.refuse(number.source, "\(number.value) is out of range for copies", remedy: "use 1 to 10000")
            return 1
        }
        return number.value
    }

    private func scale(_ step: TableReader) -> CaseStep? {
        guard let table = step.table("scale") else { return nil }
        table.refuseUnknownKeys(besides: ["deployment", "replicas"], in: "scale")
        let name = table.required("deployment", remedy: "name the Deployment")
        if table["replicas"] == nil {
            reader.refuse(
                at: table.value.path["replicas"], position: table.value.position, "is missing",
                remedy: "say how many pods it is to have")
        }
        guard let name, let replicas = table.integer("replicas") else { return nil }
        guard (0...50).contains(replicas.value) else {
            reader.refuse(replicas.source, "\(replicas.value) pods are no number for a case", remedy: "use 0 to 50")
            return nil
        }
        return .scale(deployment: name.value, replicas: replicas.value)
    }

    private func label(_ step: TableReader) -> CaseStep? {
        guard let table = step.table("label") else { return nil }
        table.refuseUnknownKeys(besides: ["pod", "node", "namespace", "set", "remove"], in: "label")
        let subject: LabelStep.Subject
        if let node = table.string("node") {
            if let pod = table["pod"] {
                reader.refuse(pod, "a node is labelled already", remedy: "give the pod a step of its own")
            }
            subject = .node(node.value)
        } else if let namespace = table.string("namespace") {
            if !LabModel.isFixture(namespace.value) {
                reader.refuse(
                    namespace.source, "\(Shown.quoted(namespace.value)) is not the suite's",
                    remedy: "name one that begins with \(LabModel.fixtureNamespace)-")
            }
            subject = .namespace(namespace.value)
        } else {
            guard let pod = table.required("pod", remedy: "name a pod of the case, or a node") else { return nil }
            subject = .pod(pod.value)
        }
        let label = LabelStep(
            subject: subject, set: table.dictionary("set"), remove: (table.strings("remove") ?? []).map(\.value))
        if label.set.isEmpty, label.remove.isEmpty, reader.diagnostics.isEmpty {
            reader.refuse(
                table.value, "changes no label", remedy: "add set = { key = \"value\" } or remove = [\"key\"]")
        }
        return .label(label)
    }

    private func component(_ step: TableReader) -> LabComponent? {
        guard let text = step.string("restart") else { return nil }
        if let component = LabComponent(rawValue: text.value) { return component }
        let known = LabComponent.allCases.map(\.rawValue)
        reader.refuse(
            text.source, "\(Shown.quoted(text.value)) is no component that can be started anew",
            remedy: "use \(known.joined(separator: ", "))")
        return nil
    }

    private func fault(_ step: TableReader) -> CaseStep? {
        guard let table = step.table("fault") else { return nil }
        table.refuseUnknownKeys(besides: ["in", "command", "undo"], in: "a fault")
        guard let command = NetworkCommand(table, "command") else { return nil }
        var undo: NetworkCommand?
        if table["undo"] != nil { undo = NetworkCommand(table, "undo") }
        return .fault(FaultStep(command: command, undo: undo, keyPath: step.value.path.description))
    }

    // MARK: Values

    /// `200ms` or `5s`, at most a minute.
    func duration(_ key: String, of table: TableReader) -> Duration? {
        guard let text = table.string(key) else { return nil }
        let isShort = text.value.hasSuffix("ms")
        let digits = text.value.dropLast(isShort ? 2 : 1)
        guard isShort || text.value.hasSuffix("s"), let number = Int(digits), number > 0, String(number) == digits,
            number <= (isShort ? 60_000 : 60)
        else {
            reader.refuse(
                text.source, "\(Shown.quoted(text.value)) is no time",
                remedy: "write a number with its unit, such as \"200ms\" or \"5s\", at most \"60s\"")
            return nil
        }
        return isShort ? .milliseconds(number) : .seconds(number)
    }

    /// Names of steps and flows that nobody has, or two have.
    private func refuseDanglingNames(_ steps: [CaseStep], _ table: TableReader) {
        var probes: Set<String> = []
        var streams: Set<String> = []
        func refuse(_ keyPath: String, _ message: String, _ remedy: String) {
            let place = table.tables("step").first { $0.value.path.description == keyPath }
            guard let place else { return }
            reader.refuse(place.value, message, remedy: remedy)
        }
        for step in steps {
            switch step {
            case .probe(let probe):
                for name in [probe.checks.sticksTo, probe.checks.movesFrom].compactMap(\.self)
                where !probes.contains(name) {
                    refuse(
                        probe.keyPath, "no probe before it is called \(Shown.quoted(name))",
                        "give an earlier probe's step id = \"\(name)\"")
                }
                if let id = probe.id { probes.insert(id) }
            case .stream(let stream):
                if !streams.insert(stream.id).inserted {
                    refuse(stream.keyPath, "a stream is called so already", "end it first")
                }
            case .outOfWindow(let id):
                if !streams.contains(id) {
                    reader.refuse(
                        table.value, "no stream is called \(Shown.quoted(id))",
                        remedy: "begin it before the step with out-of-window")
                }
            case .streamEnd(let end):
                if streams.remove(end.id) == nil {
                    refuse(end.keyPath, "no stream is called \(Shown.quoted(end.id))", "begin it in an earlier step")
                }
            default: break
            }
        }
        for id in streams.sorted() {
            reader.refuse(
                table.value, "the stream \(Shown.quoted(id)) is never ended, and so never judged",
                remedy: "add a step with stream-end = { id = \"\(id)\" }")
        }
    }
}

extension NetworkCommand {
    /// Reads `in` and the argument vector under a key.
    init?(_ table: TableReader, _ key: String) {
        let reader = table.reader
        guard let place = table.required("in", remedy: "say where, such as \"nodes\"") else { return nil }
        guard let selector = ParticipantSelector(place.value) else {
            reader.refuse(
                place.source, "\(Shown.quoted(place.value)) selects nothing",
                remedy: "use nodes, pods, hosts, host-network-pods, node/NAME, pod/NAME or host/NAME")
            return nil
        }
        guard let words = table.strings(key), !words.isEmpty else {
            reader.refuse(
                at: table.value.path[key], position: table.value.position, "is missing",
                remedy: "give the program and its arguments as a list")
            return nil
        }
        self.init(participants: [selector], arguments: words.map(\.value))
    }
}

extension CaseStep {
    /// Whether the step dials an address that a service proxy answers for.
    var dialsService: Bool {
        switch self {
        case .probe(let step): step.to.contains(where: \.isVirtual)
        case .stream(let step): step.to.isVirtual
        case .health, .restart(.serviceProxy): true
        default: false
        }
    }
}
