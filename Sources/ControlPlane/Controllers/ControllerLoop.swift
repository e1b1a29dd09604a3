import KubernetesModel
import Logging

/// Follows the store for a controller and gives it its turns, until its task is cancelled.
///
/// Before every turn all changes so far are told, the controller's own among them: the store applies a write before it
/// is answered. So a controller never acts on a state that it has changed itself, and needs no expectations.
struct ControllerLoop<C: Controller> {
    private var controller: C
    private let context: ControllerContext
    private let logger: Logger
    private var queue = WorkQueue<C.Key>()
    private var follower: ObjectFollower

    init(_ controller: C, _ context: ControllerContext, logger: Logger) {
        self.controller = controller
        self.context = context
        self.logger = logger
        follower = ObjectFollower(context.registry.store, kinds: controller.kinds)
    }

    /// Runs until the task is cancelled.
    mutating func run() async {
        while !Task.isCancelled {
            follow()
            guard let key = queue.next(at: .now) else {
                await follower.wait(until: queue.nextInstant)
                continue
            }
            await turn(of: key)
            // A turn that writes nothing never waits: others have their turns on this thread too.
            await Task.yield()
        }
    }

    /// Works until nothing is queued for now: for tests, which then look at the store.
    mutating func settle() async {
        follow()
        while let key = queue.next(at: .now) {
            await turn(of: key)
            follow()
        }
    }

    private mutating func turn(of key: C.Key) async {
        do throws(APIStatus) {
            let again = try await controller.reconcile(key, context)
            queue.succeed(key)
            if let again { queue.add(key, at: .now.advanced(by: .seconds(max(again, 1)))) }
        } catch {
            let count = queue.fail(key, at: .now)
            logger.log(
                level: count < 5 ? .debug : .warning, "a controller's work failed and is tried again",
                metadata: [
                    "controller": "\(controller.name)", "key": "\(key)", "error": "\(error)", "failures": "\(count)",
                ])
        }
    }

    /// Tells the controller of all changes so far, or of all objects where the changes are no longer known.
    private mutating func follow() {
        switch follower.next() {
        case .changes(let changes):
            for change in changes { controller.observe(change, &queue) }
        case .all(let objects):
            controller.forget()
            queue.removeAll()
            for object in objects { controller.observe(ObjectChange(stored: object, isDeleted: false), &queue) }
        }
    }
}
