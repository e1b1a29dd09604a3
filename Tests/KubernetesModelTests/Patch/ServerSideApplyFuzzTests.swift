import KubernetesModel
import TestSupport
import Testing

@Suite("Server-side apply of any trees")
struct ServerSideApplyFuzzTests {
    @Test("applied with force, what is applied is there; applied again, nothing changes")
    func fuzz() {
        for seed in UInt64(0)..<3_000 {
            var trees = RandomTrees(generator: SeededGenerator(seed: seed))
            var live: APIObject?
            for step in 0..<4 {
                var object = APIObject(.deployments, name: "web")
                for (field, value) in trees.fields() where field != "metadata" { object[field] = value }
                object["spec"] = .object(trees.fields(depth: 1))
                do throws(APIStatus) {
                    let manager = step % 2 == 0 ? "a" : "b"
                    let once = try ServerSideApply.apply(
                        object, to: live, type: .services, schema: SampleSchemas.service, manager: manager, force: true,
                        time: "1")
                    let twice = try ServerSideApply.apply(
                        object, to: once, type: .services, schema: SampleSchemas.service, manager: manager,
                        force: false, time: "2")
                    #expect(ManagedFields.isUnchanged(once, twice), "seed \(seed)")
                    var updated = once
                    updated["spec"] = .object(trees.fields(depth: 1))
                    ManagedFields.record(
                        manager: "u", time: "3", from: once, to: &updated, schema: SampleSchemas.service)
                    live = updated
                } catch {
                    #expect(error.code == 400, "seed \(seed): \(error)")
                }
            }
        }
    }

    @Test("with the real shape of every kind, too, applying twice is applying once", arguments: ResourceType.all)
    func realKinds(type: ResourceType) {
        for seed in UInt64(0)..<100 {
            var trees = RandomTrees(generator: SeededGenerator(seed: seed))
            var object = APIObject(type, name: "web")
            for field in ["spec", "data", "subsets", "endpoints", "ports"] { object[field] = trees.value(depth: 2) }
            do throws(APIStatus) {
                let once = try ServerSideApply.apply(
                    object, to: nil, type: type, schema: type.schema, manager: "m", force: false, time: "1")
                let twice = try ServerSideApply.apply(
                    object, to: once, type: type, schema: type.schema, manager: "m", force: false, time: "2")
                #expect(once == twice, "seed \(seed)")
            } catch {
                #expect(error.code == 400, "seed \(seed): \(error)")
            }
        }
    }
}
