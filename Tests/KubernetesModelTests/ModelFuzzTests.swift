import KubernetesModel
import TestSupport
import Testing

@Suite("Objects that are damaged at random")
struct ModelFuzzTests {
    @Test(
        "decoding, defaults and validation stand every damage; defaults change nothing twice; unknown fields survive",
        arguments: ResourceType.all.map(\.kind))
    func damage(kind: String) throws {
        let type = try #require(ResourceType.all.first { $0.kind == kind })
        let text = try #require(SampleObjects.texts.first { $0.type == type }).text
        let good = try SampleObjects.object(type)
        var accepted = 0
        var refused = 0
        for seed in UInt64(0)..<400 {
            var damage = Damage(generator: SeededGenerator(seed: seed))
            var value = try JSONValue(parsing: text)
            for _ in 0..<Int.random(in: 1...4, using: &damage.generator) { value = damage.change(value) }
            value["zzUnknown"] = ["a": [1, .null, "b"]]

            // What was never decoded may be nonsense; nobody may stumble over it.
            var raw = APIObject(value)
            type.applyDefaults(to: &raw)
            let first = raw
            type.applyDefaults(to: &raw)
            #expect(raw == first, "seed \(seed): \(first.value.text) became \(raw.value.text)")
            _ = type.faults(of: raw)
            _ = type.faults(of: raw, replacing: good)
            _ = type.faults(of: good, replacing: raw)

            do throws(APIStatus) {
                let (object, unknownFields) = try type.decode(value)
                #expect(unknownFields.contains("zzUnknown"), "seed \(seed)")
                try check(object, of: type, seed: seed)
                accepted += 1
            } catch {
                #expect(error.code == 400, "seed \(seed): \(error)")
                refused += 1
            }
        }
        // Damage that is always or never found would test only half of the code.
        #expect(accepted > 20)
        #expect(refused > 5)
    }

    private func check(_ object: APIObject, of type: ResourceType, seed: UInt64) throws(APIStatus) {
        var object = object
        #expect(try type.decode(object.value).object == object, "seed \(seed): decoding twice differs")
        type.applyDefaults(to: &object)
        #expect(object["zzUnknown"] == ["a": [1, .null, "b"]], "seed \(seed)")
        let read = try? JSONValue(parsing: object.value.bytes)
        #expect(read?.text == object.value.text, "seed \(seed)")
        #expect(try type.decode(object.value).object == object, "seed \(seed): defaults do not decode")
        for fault in type.faults(of: object) {
            #expect(!fault.field.isEmpty && !fault.message.isEmpty, "seed \(seed)")
        }
        #expect(type.faults(of: object) == type.faults(of: object), "seed \(seed)")
    }

    @Test("texts that are no names, addresses, times, amounts or bytes are judged without a crash")
    func texts() throws {
        for seed in UInt64(0)..<3000 {
            var generator = SeededGenerator(seed: seed)
            let alphabet = Array("aZ09-_.:/*%= é\u{0}\u{7f}KieE+TZ")
            let text = String(
                (0..<Int.random(in: 0...30, using: &generator)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                })
            for type in [ResourceType.services, .pods, .namespaces] { _ = type.nameFaults(text) }
            _ = try? Quantity(text)
            let policy: JSONValue = [
                "metadata": ["name": .string(text), "labels": [text: .string(text)]],
                "spec": [
                    "ingress": [["from": [["ipBlock": ["cidr": .string(text)]]], "ports": [["port": .string(text)]]]]
                ],
            ]
            let object = APIObject(policy)
            // A name of bytes only that is good for DNS has no capitals and no other signs.
            let faults = ResourceType.networkPolicies.faults(of: object)
            #expect(!faults.isEmpty, "seed \(seed): a policy without namespace is accepted")
            _ = try? ResourceType.secrets.decode(["data": ["a": .string(text)]])
            _ = try? ResourceType.pods.decode(["metadata": ["creationTimestamp": .string(text)]])
        }
    }
}

/// Changes one place of a tree.
private struct Damage {
    var generator: SeededGenerator

    private static let values: [JSONValue] = [
        .null, true, 0, -1, 80, 65536, 9_223_372_036_854_775_807, .number(1.5), .number(7), "", "a", "None", "10.0.0.1",
        "::/0", "%zz", "TCP", "\u{0}é", [], [:], [.null], ["a": .null], [["name": "a"]], ["name": ["a"]], "100%", "1e9",
        "2026-01-02T03:04:05Z",
    ]

    private mutating func value() -> JSONValue {
        Self.values[Int.random(in: 0..<Self.values.count, using: &generator)]
    }

    mutating func change(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(var fields) where !fields.isEmpty:
            let keys = fields.keys.sorted()
            let key = keys[Int.random(in: 0..<keys.count, using: &generator)]
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: fields[key] = nil
            case 1: fields[key] = self.value()
            case 2: fields["zz\(Int.random(in: 0..<9, using: &generator))"] = self.value()
            default: fields[key] = change(fields[key] ?? .null)
            }
            return .object(fields)
        case .array(var elements) where !elements.isEmpty:
            let index = Int.random(in: 0..<elements.count, using: &generator)
            switch Int.random(in: 0..<8, using: &generator) {
            case 0: elements.remove(at: index)
            case 1: elements.append(elements[index])
            case 2: elements[index] = self.value()
            default: elements[index] = change(elements[index])
            }
            return .array(elements)
        case .string(let text) where Bool.random(using: &generator):
            return .string(text + ["-", ".", "é", "A", "/", "0"][Int.random(in: 0..<6, using: &generator)])
        default: return self.value()
        }
    }
}
