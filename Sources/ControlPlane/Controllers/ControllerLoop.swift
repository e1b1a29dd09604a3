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
    private var cursors: [ResourceType: UInt64] = [:]

    init(_ controller: C, _ context: ControllerContext, logger: Logger) {
        self.controller = controller
        self.context = context
        self.logger = logger
    }

    private var store: ObjectStore { context.registry.store }

    /// Runs until the task is cancelled.
    mutating func run() async {
        while !Task.isCancelled {
            follow()
            guard let key = queue.next(at: .now) else {
                await idle()
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
        guard cursors.count == controller.kinds.count else { return list() }
        for type in controller.kinds {
            do throws(APIStatus) {
                try follow(type)
            } catch {
                logger.debug(
                    "a controller lists again", metadata: ["controller": "\(controller.name)", "error": "\(error)"])
                return list()
            }
        }
    }

    /// Tells the controller of all changes of a kind so far; one reading gives only so many.
    private mutating func follow(_ type: ResourceType) throws(APIStatus) {
        let version = store.resourceVersion
        var cursor = cursors[type] ?? 0
        repeat {
            let (events, upTo) = try store.events(of: type, after: cursor)
            cursor = upTo
            cursors[type] = upTo
            for event in events {
                controller.observe(ObjectChange(stored: event.object, isDeleted: event.kind == .deleted), &queue)
            }
        } while cursor < version
    }

    private mutating func list() {
        controller.forget()
        queue.removeAll()
        for type in controller.kinds {
            let (objects, version) = store.objects(ObjectSelection(type))
            cursors[type] = version
            for object in objects { controller.observe(ObjectChange(stored: object, isDeleted: false), &queue) }
        }
    }

    /// Waits for a change of any kind or the next delayed turn.
    private func idle() async {
        let store = store
        let cursors = cursors
        let instant = queue.nextInstant
        await withTaskGroup(of: Void.self) { group in
            for (type, version) in cursors {
                group.addTask { await store.waitForChange(of: type, after: version) }
            }
            if let instant {
                group.addTask { try? await Task.sleep(until: instant, clock: .continuous) }
            }
            await group.next()
            group.cancelAll()
        }
    }
}
