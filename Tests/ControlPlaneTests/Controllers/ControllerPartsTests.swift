import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Parts of controllers")
struct ControllerPartsTests {
    @Test("a key that is queued twice has one turn, in the order in which keys came")
    func queueOrder() {
        var queue = WorkQueue<String>()
        queue.add(["a", "b", "a", "c", "b"])
        var turns: [String] = []
        while let key = queue.next(at: .now) { turns.append(key) }
        #expect(turns == ["a", "b", "c"] && queue.isIdle)
        queue.add("a")
        #expect(queue.next(at: .now) == "a")
    }

    @Test("a key that failed is tried again later each time, never later than the bound, and at once after success")
    func backOff() {
        var queue = WorkQueue<String>()
        let start = ContinuousClock.now
        var delays: [Duration] = []
        for count in 1...20 {
            #expect(queue.fail("a", at: start) == count)
            #expect(queue.next(at: start) == nil)
            let instant = queue.nextInstant ?? start
            delays.append(start.duration(to: instant))
            #expect(queue.next(at: instant) == "a")
        }
        #expect(delays.prefix(3) == [.milliseconds(5), .milliseconds(10), .milliseconds(20)])
        #expect(delays.last == .seconds(30))
        queue.succeed("a")
        #expect(queue.fail("a", at: start) == 1)
    }

    @Test("the indices find what looking at everything finds", arguments: 0..<10)
    func indices(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func labels(_ most: Int) -> [String: String] {
            let keys = ["app", "tier", "version"].shuffled(using: &generator).prefix(
                Int.random(in: 0...most, using: &generator))
            return Dictionary(uniqueKeysWithValues: keys.map { ($0, String(Int.random(in: 0..<3, using: &generator))) })
        }
        var labelIndex = LabelIndex()
        var selectorIndex = SelectorIndex()
        var objects: [NamespacedName: [String: String]] = [:]
        var selectors: [NamespacedName: [String: String]] = [:]
        for step in 0..<300 {
            let name = NamespacedName(
                ["x", "y"].randomElement(using: &generator) ?? "x", String(Int.random(in: 0..<40, using: &generator)))
            if let previous = objects.removeValue(forKey: name) { labelIndex.remove(name, previous) }
            if Bool.random(using: &generator) {
                objects[name] = labels(3)
                labelIndex.insert(name, objects[name] ?? [:])
            }
            selectors[name] = Bool.random(using: &generator) ? labels(2) : nil
            if let selector = selectors[name] {
                selectorIndex.insert(name, selector)
            } else {
                selectorIndex.remove(name)
            }
            let probe = labels(3)
            let found = Set(labelIndex.names(in: "x", with: probe))
            let wanted = objects.filter { object in
                object.key.namespace == "x" && !probe.isEmpty && probe.allSatisfy { object.value[$0.key] == $0.value }
            }
            #expect(found == Set(wanted.keys), "seed \(seed), step \(step)")
            let selecting = selectorIndex.names(in: "x", selecting: probe)
            let expected = selectors.filter { selector in
                selector.key.namespace == "x" && !selector.value.isEmpty
                    && selector.value.allSatisfy { probe[$0.key] == $0.value }
            }
            #expect(Set(selecting) == Set(expected.keys), "seed \(seed), step \(step)")
            #expect(selecting.count == expected.count, "seed \(seed), step \(step)")
        }
    }

    @Test("a pod's change touches only the Services that select it, and only where they see a difference")
    func podChanges() {
        var index = EndpointsIndex()
        for (name, app) in [("a", "web"), ("b", "web"), ("c", "other")] {
            var object = APIObject(.services, name: name, ["spec": ["selector": ["app": .string(app)]]])
            object.uid = name
            index.note(object, service: NamespacedName("default", name))
        }
        let name = NamespacedName("default", "p")
        let touched = index.note(Sample.pod("p"), pod: name)
        #expect(Set(touched.map(\.name)) == ["a", "b"])
        #expect(index.note(Sample.pod("p", created: 5), pod: name).isEmpty)
        let relabelled = index.note(Sample.pod("p", labels: ["app": "other"]), pod: name)
        #expect(Set(relabelled.map(\.name)) == ["a", "b", "c"])
        #expect(index.note(nil, pod: name).map(\.name) == ["c"])
    }

    @Test("a node's zone touches the Services of its pods")
    func nodeChanges() {
        var index = EndpointsIndex()
        let object = APIObject(.services, name: "a", ["spec": ["selector": ["app": "web"]]])
        index.note(object, service: NamespacedName("default", "a"))
        _ = index.note(Sample.pod("p"), pod: NamespacedName("default", "p"))
        #expect(index.note(Sample.node("n1"), node: "n1").map(\.name) == ["a"])
        #expect(index.note(Sample.node("n1"), node: "n1").isEmpty)
        #expect(index.note(Sample.node("n1", zone: "a"), node: "n1").map(\.name) == ["a"])
        #expect(index.note(Sample.node("n2"), node: "n2").isEmpty)
    }
}
