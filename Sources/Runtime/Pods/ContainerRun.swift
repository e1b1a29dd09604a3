internal import KubernetesModel
internal import Topology

/// What has become of one container of a pod so far.
struct ContainerRun: Sendable {
    /// How an earlier or the last run of the container ended.
    struct End: Hashable, Sendable {
        var exitStatus: Int32?
        var startedAt: Timestamp
        var finishedAt: Timestamp

        /// The kubelet's word for it.
        var reason: String { exitStatus == 0 ? "Completed" : "Error" }

        init(exitStatus: Int32?, startedAt: Timestamp, finishedAt: Timestamp) {
            self.exitStatus = exitStatus
            self.startedAt = startedAt
            self.finishedAt = finishedAt
        }

        /// The end of a container that its pod's status tells of, or nil.
        init?(of container: String, in pod: APIObject) {
            let statuses = pod["status", "containerStatuses"]?.array ?? []
            guard
                let end = statuses.first(where: { $0["name"]?.string == container })?["state"]?["terminated"],
                let started = end["startedAt"]?.string.flatMap({ Timestamp(parsing: $0) }),
                let finished = end["finishedAt"]?.string.flatMap({ Timestamp(parsing: $0) })
            else { return nil }
            self.init(
                exitStatus: end["exitCode"]?.integer.map { Int32(clamping: $0) }, startedAt: started,
                finishedAt: finished)
        }
    }

    /// What the container is doing now.
    var state: ContainerState
    /// When it was last started, or nil where it never was.
    var startedAt: Timestamp?
    /// How the run before this one ended, or nil where this is the first.
    var lastEnd: End?
    /// How the last run ended, where the container does not run.
    var end: End?
    /// How often it was started again.
    var restarts = 0
    /// Whether its readiness probe, if it has one, succeeds.
    var isProbedReady = false
    /// Whether its startup probe, if it has one, has succeeded.
    var isStarted = false
    /// Whether it has to wait before it is started again.
    var isBackingOff = false

    /// Whether it can take requests.
    var isReady: Bool { state.isReady && isStarted && isProbedReady }
}

/// How long a container that keeps ending has to wait before it is started again, as the kubelet has it: 10 seconds,
/// doubled each time up to five minutes, and forgotten after ten minutes of running.
enum RestartBackoff {
    static let first: Int64 = 10
    static let longest: Int64 = 300
    static let forgetAfter: Int64 = 600

    /// The seconds to wait before the next start; none before the first restart.
    static func delay(restarts: Int, ranFor seconds: Int64) -> Int64 {
        guard restarts > 0, seconds < forgetAfter else { return 0 }
        return min(first << Int64(min(restarts - 1, 10)), longest)
    }
}

/// Whether a container that has ended is started again (core/v1 RestartPolicy).
enum RestartPolicy: String, Sendable {
    case always = "Always"
    case onFailure = "OnFailure"
    case never = "Never"

    init(_ pod: APIObject) {
        self = pod["spec", "restartPolicy"]?.string.flatMap { RestartPolicy(rawValue: $0) } ?? .always
    }

    func restarts(after exitStatus: Int32?) -> Bool {
        switch self {
        case .always: true
        case .onFailure: exitStatus != 0
        case .never: false
        }
    }
}
