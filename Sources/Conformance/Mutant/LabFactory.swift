public import Runtime
public import Topology

/// Brings up labs that last as long as one mutant.
public protocol LabFactory: Sendable {
    /// The lab that it makes.
    associatedtype Lab: ConformanceLab

    /// Brings a fresh lab up.
    func bringUp(_ spec: LabSpec) async throws -> Lab

    /// Removes a lab, all of it.
    func takeDown(_ lab: Lab) async throws
}

/// Brings labs up as `lab up` does, each with a supervisor of its own.
public struct SupervisedLabFactory: LabFactory {
    private let directories: LabDirectories

    /// Makes labs in the given directories.
    public init(directories: LabDirectories = .fromEnvironment()) {
        self.directories = directories
    }

    /// Brings a lab up.
    /// - Throws: `ConformanceError` where a lab of that name is there already.
    public func bringUp(_ spec: LabSpec) async throws -> SupervisedLab {
        guard !directories.labs().contains(spec.name) else {
            throw ConformanceError(
                "there is a lab \(spec.name) already", remedy: "remove it with lab down \(spec.name)")
        }
        let lab = SupervisedLab(name: spec.name, directories: directories)
        do {
            try await lab.apply(spec)
        } catch {
            try? await takeDown(lab)
            throw error
        }
        return lab
    }

    /// Takes a lab down as `lab down` does.
    public func takeDown(_ lab: SupervisedLab) async throws {
        let directories = directories
        try await OwnThread.run {
            _ = try Teardown(directory: directories.lab(lab.name), directories: directories).run()
        }
    }
}
