import KubernetesModel
import Testing

@Suite("Validation")
struct ValidationTests {
    @Test("a good object of every kind has no faults", arguments: ResourceType.all.map(\.kind))
    func good(kind: String) throws {
        let type = try #require(ResourceType.all.first { $0.kind == kind })
        let object = try SampleObjects.object(type)
        #expect(type.faults(of: object).map(\.description) == [])
        #expect(type.faults(of: object, replacing: object).map(\.description) == [])
        let text = try #require(SampleObjects.texts.first { $0.type == type }).text
        #expect(try type.decode(JSONValue(parsing: text)).unknownFields == [])
    }

    @Test("a faulty object is refused in the API server's words", arguments: FaultSample.all)
    func faults(sample: FaultSample) throws {
        let object = try SampleObjects.object(sample.type, changes: sample.changes)
        let faults = sample.type.faults(of: object).map(\.description)
        #expect(faults == sample.faults, "\(faults.joined(separator: "\n"))")
    }

    @Test("a change of what may not change is refused", arguments: ChangeSample.all)
    func changes(sample: ChangeSample) throws {
        let old = try SampleObjects.object(sample.type, changes: sample.before)
        let new = try SampleObjects.object(sample.type, changes: sample.before + sample.changes)
        let faults = sample.type.faults(of: new, replacing: old).map(\.description)
        #expect(faults == sample.faults, "\(faults.joined(separator: "\n"))")
    }

    @Test("a name that is to be made longer may end in a hyphen")
    func generatedNames() {
        #expect(ResourceType.pods.nameFaults("web-", isPrefix: true) == [])
        #expect(ResourceType.pods.nameFaults("web-").count == 1)
        #expect(ResourceType.services.nameFaults("1a").count == 1)
        #expect(ResourceType.pods.nameFaults("1a.b") == [])
        #expect(ResourceType.namespaces.nameFaults("a.b").count == 1)
    }

    @Test("no more than 200 faults of an object are told")
    func bound() throws {
        let peers = JSONValue.array(Array(repeating: [:], count: 5000))
        let object = try SampleObjects.object(.networkPolicies, changes: [("spec/ingress/0/from", peers)])
        #expect(ResourceType.networkPolicies.faults(of: object).count == 200)
    }

    @Test("a faulty value of a million bytes is shown by its beginning")
    func shownValues() throws {
        let name = String(repeating: "A", count: 1_000_000)
        let object = try SampleObjects.object(.networkPolicies, changes: [("metadata/name", .string(name))])
        let faults = ResourceType.networkPolicies.faults(of: object)
        #expect(faults.count == 2)
        #expect(faults.allSatisfy { $0.field == "metadata.name" && $0.description.utf8.count < 3000 })
    }
}
