import ArgumentParser
import Runtime
import Topology

/// `lab supervise`: the process behind a lab. `lab up` starts it.
struct Supervise: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "supervise", abstract: "Supervise a lab (started by lab up).", shouldDisplay: false)

    @Argument var lab: String

    func run() async throws { try await Self.run(lab: lab) }

    /// Supervises until the lab is gone. The program's start comes here by itself: `lab up` waits for it.
    static func run(lab: String) async throws {
        guard NameRule.label.permits(lab) else { throw ValidationError("'\(lab)' is no lab's name") }
        let status = await SupervisorProcess.run(lab: lab, directories: .fromEnvironment())
        throw ExitStatus(status: status)
    }
}
