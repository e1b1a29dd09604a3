import NetworkNamespaces
import Runtime
import Topology

/// Runs commands in the network namespaces of a lab.
struct CommandRun {
    private let model: LabModel

    init(_ model: LabModel) {
        self.model = model
    }

    private struct Work: Sendable {
        let participant: Participant
        let arguments: [String]
    }

    /// Runs a command in every namespace that it names.
    /// - Throws: `ConformanceError` where it fails or selects nobody.
    func perform(
        _ command: NetworkCommand, _ threads: NamespaceThreads, _ directories: LabDirectories
    ) async throws {
        let placeholders = Placeholders(model)
        let arguments = try command.arguments.map { argument in
            guard let text = placeholders.expand(argument) else {
                throw failure("the lab has no value for a placeholder of \(argument)")
            }
            return text
        }
        let work = participants(command.participants).map { Work(participant: $0, arguments: arguments) }
        guard !work.isEmpty else { throw failure("\(command.participants) selects nothing in the lab") }
        let results = try await threads.forEach(
            work, in: { try directories.namespaces.open($0.participant.networkNamespace) }
        ) {
            try NamespaceCommand.run($0.arguments)
        }
        for (work, result) in zip(work, results) where result.status != 0 {
            throw failure(
                "\(work.arguments.joined(separator: " ")) ended with status \(result.status) in \(work.participant.name): \(result.output)"
            )
        }
    }

    /// Everybody that a selector means, without what `pods` leaves out for probing.
    private func participants(_ selectors: [ParticipantSelector]) -> [Participant] {
        let pods = model.spec.pods
        let fixtures = Set(pods.filter { $0.namespace == LabModel.fixtureNamespace }.map(\.qualifiedName))
        let served = Set(pods.flatMap { pod in pod.containers.map { "\(pod.qualifiedName)/\($0.name)" } })
        return LabModel(model.spec, served: served).participants(selectors, fixtures: fixtures)
    }

    private func failure(_ reason: String) -> ConformanceError {
        ConformanceError(reason, remedy: "check the command")
    }
}
