/// Completes and checks what was read of a lab.
struct LabResolution {
    private(set) var spec: LabSpec
    private(set) var sources: SourceMap
    private(set) var problems: [Problem] = []

    /// Completes a lab file. Ranges or nodes that could not be read are not judged, nor what depends on them.
    init(_ draft: LabDraft, rangesKnown: Bool = true, nodesKnown: Bool = true) {
        spec = draft.spec
        sources = draft.sources
        var validation = SpecValidation(spec: spec)
        let hasRoom = validation.checkCapacity(openPods: draft.pods.count { !$0.hostNetwork })
        let hasRanges = rangesKnown && validation.checkRanges()
        guard hasRoom, hasRanges, nodesKnown else {
            // Addresses cannot be chosen; names can still be judged.
            problems = validation.problems
            placeUnresolved(draft.pods)
            validation = SpecValidation(spec: spec)
            validation.checkNames()
            validation.checkContainers()
            problems += validation.problems
            return
        }
        let completion = LabCompletion(spec, sources: sources)
        spec = completion.spec
        sources = completion.sources
        problems = completion.problems
        place(draft.pods)
    }

    /// Adds pods to a complete lab.
    init(_ spec: LabSpec, adding pods: [PodManifest]) {
        self.spec = spec
        sources = SourceMap()
        place(pods)
    }

    private mutating func place(_ pods: [PodManifest]) {
        var placement = PodPlacement(spec, sources: sources)
        placement.place(pods)
        spec = placement.spec
        sources = placement.sources
        problems += placement.problems
        let known = Set(problems.map(\.path))
        problems += SpecValidation.problems(of: spec).filter { !known.contains($0.path) }
    }

    private mutating func placeUnresolved(_ pods: [PodManifest]) {
        for pod in pods {
            let path = FieldPath.root["pod"][spec.pods.count]
            for (field, location) in pod.sources { sources[path.adding(field.steps)] = location }
            spec.pods.append(
                PodSpec(
                    namespace: pod.namespace, name: pod.name, node: pod.node ?? "", labels: pod.labels,
                    hostNetwork: pod.hostNetwork, containers: pod.containers, naming: pod.naming))
        }
    }
}

extension LabSpec {
    /// What is wrong with the spec, by the paths of a lab file; empty for a spec that `LabFile` made.
    public func diagnostics() -> [Diagnostic] {
        let sources = SourceMap()
        return SpecValidation.problems(of: self).map(sources.diagnostic)
    }

    /// The lab with further pods, each with its node and addresses. What the lab has keeps its place.
    /// - Throws: `LabFileError` with every problem found, where the pods do not fit the lab.
    public func adding(pods: [PodManifest]) throws(LabFileError) -> LabSpec {
        let result = LabResolution(self, adding: pods)
        guard result.problems.isEmpty else { throw LabFileError(result.problems.map(result.sources.diagnostic)) }
        return result.spec
    }
}
