import NetworkNamespaces
import Runtime
import Topology

/// Carries out a mutant's commands.
struct Sabotage {
    let mutant: Mutant
    let lab: LabSpec

    /// Runs every command in every namespace that it names, in order.
    /// - Throws: `ConformanceError` where a command fails or selects nobody: a mutant that is not broken proves nothing.
    func perform(_ threads: NamespaceThreads, _ directories: LabDirectories) async throws {
        let run = CommandRun(LabModel(lab, served: []))
        for command in mutant.commands {
            do {
                try await run.perform(command, threads, directories)
            } catch let error as ConformanceError {
                throw ConformanceError(
                    "the mutant \(mutant.id) cannot be made: \(error.message)", remedy: "mend \(mutant.file)")
            }
        }
    }
}
