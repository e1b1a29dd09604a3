internal import KubernetesModel
public import Logging

/// Everything that brings the cluster closer to what its objects ask for: endpoints, Deployments, ReplicaSets, and the
/// scheduler.
public struct Controllers: Sendable {
    /// Where events are written, for others who have something to tell, such as a kubelet.
    public let events: EventRecorder
    private let registry: Registry
    private let logger: Logger

    /// Controllers that write through a registry and follow its store.
    public init(registry: Registry, logger: Logger = Logger(label: "controllers")) {
        self.registry = registry
        self.logger = logger
        events = EventRecorder(registry: registry, logger: logger)
    }

    /// Runs all of them as child tasks, until the task is cancelled.
    public func run() async {
        let context = ControllerContext(registry: registry, events: events)
        await withTaskGroup(of: Void.self) { group in
            start(EndpointsController(), context, in: &group)
            start(DeploymentController(), context, in: &group)
            start(ReplicaSetController(), context, in: &group)
            start(Scheduler(), context, in: &group)
            await group.waitForAll()
        }
    }

    private func start(_ controller: some Controller, _ context: ControllerContext, in group: inout TaskGroup<Void>) {
        let logger = logger
        group.addTask {
            var loop = ControllerLoop(controller, context, logger: logger)
            await loop.run()
        }
    }
}
