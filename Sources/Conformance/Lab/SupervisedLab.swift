import FoundationEssentials
import KubernetesModel
public import Runtime
public import Topology

/// A lab with a supervisor, as `lab up` leaves it.
public struct SupervisedLab: ConformanceLab {
    /// The lab's name.
    public let name: String
    /// Where the lab's state and namespaces are.
    public let directories: LabDirectories

    /// Names a lab that is up.
    public init(name: String, directories: LabDirectories = .fromEnvironment()) {
        self.name = name
        self.directories = directories
    }

    /// What the lab was last built to.
    /// - Throws: `ConformanceError` where it is not up.
    public func spec() async throws -> LabSpec {
        let path = directories.lab(name).appliedSpec
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConformanceError("the lab \(name) is not up", remedy: "bring it up with lab up FILE")
        }
        do {
            return try JSONDecoder().decode(LabSpec.self, from: data)
        } catch {
            throw ConformanceError(
                "cannot understand \(path): \(error)", remedy: "bring the lab up again with lab up FILE")
        }
    }

    /// Has the supervisor converge the lab.
    /// - Throws: `ControlFailure` with the supervisor's reason, `BuildError` where there is none to be had.
    public func apply(_ spec: LabSpec) async throws {
        let (name, directories) = (name, directories)
        try await OwnThread.run {
            let client = try SupervisorLauncher(lab: name, directories: directories).connect {}
            try client.send(EncodedRequest(up: spec))
            while true {
                switch try client.next() {
                case .finished: return
                case .failed(let failure): throw failure
                case .retired: throw Self.supervisorEnded
                case .progress, .status, .components: continue
                }
            }
        }
    }

    /// Asks the supervisor what the containers are doing.
    public func containers() async throws -> [ContainerStatus] {
        let (name, directories) = (name, directories)
        return try await OwnThread.run {
            let client = try SupervisorLauncher(lab: name, directories: directories).connect {}
            try client.send(.status)
            while true {
                switch try client.next() {
                case .status(let statuses): return statuses
                case .failed(let failure): throw failure
                case .retired: throw Self.supervisorEnded
                case .progress, .finished, .components: continue
                }
            }
        }
    }

    /// Kills the supervisor, in which the built-in service proxy and policy engine run, and brings the lab up as it was; or deletes the pod
    /// of the DNS, and returns when there is another one.
    public func restart(_ component: LabComponent) async throws {
        switch component {
        case .serviceProxy, .networkPolicy: try await restartSupervisor()
        case .dns: try await replaceDNS()
        }
    }

    private func replaceDNS() async throws {
        let key = LabSpec.dnsPodKey
        let before = try await objects.object(key)?.uid
        try await objects.delete([key])
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            if let pod = try await objects.object(key), pod.uid != before, Pod(pod).isReady { return }
            guard ContinuousClock.now < deadline else {
                throw ConformanceError("the pod \(key) does not return", remedy: "see lab status, and lab describe pod")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func restartSupervisor() async throws {
        let spec = try await spec()
        let directory = directories.lab(name)
        try await OwnThread.run {
            try SupervisorLauncher.kill(supervisorOf: directory)
        }
        try await apply(spec)
    }

    private static let supervisorEnded = ConformanceError(
        "the lab's supervisor has ended during the run", remedy: "lab up starts another; then run the suite again")
}
