import Addressing
import TestSupport
import Testing

@testable import Topology

struct LabFileFuzzTests {
    private static let seed: UInt64 = 0x1ab
    private let rounds = 3000

    private static let fragments = [
        "\"", "'", "\"\"\"", "'''", "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\n", "#", "\\", "\\u0000",
        "\\U0010ffff",
        "\u{0}", "\u{feff}", "é", "name", "[[pod]]\n", "[[node]]\nname = \"n\"\n", "true", "-1", "1e400", "0xff",
        "99999999999999999999", "1979-05-27 07:32:00Z", "255.255.255.255", "0.0.0.0/0", "::/0", "fd00::/127",
        "10.244.1.0/30",
        "&a ", "*a", "? ", ": ", "- ", "\t", "---\n", "<<: ", "!!int ", "|", ">", "~", "null", "%YAML 1.1\n",
        "{a: *a}: b",
    ].map { Array($0.utf8) }

    /// A text with a few pieces removed, doubled, swapped or replaced.
    private static func mutated(_ text: String, _ generator: inout SeededGenerator) -> String {
        var bytes = Array(text.utf8)
        for _ in 0...Int.random(in: 0..<3, using: &generator) / 2 {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 0..<12, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: fragments.randomElement(using: &generator) ?? [], at: place)
            case 2: bytes.replaceSubrange(place..<end, with: fragments.randomElement(using: &generator) ?? [])
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
            case 4: if place < bytes.count { bytes[place] = UInt8.random(in: 32...126, using: &generator) }
            default: if place < bytes.count { bytes[place] = UInt8.random(in: 48...57, using: &generator) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func noise(_ generator: inout SeededGenerator) -> String {
        if Bool.random(using: &generator) {
            let pieces = (0..<Int.random(in: 0..<40, using: &generator)).flatMap { _ in
                fragments.randomElement(using: &generator) ?? []
            }
            return String(decoding: pieces, as: UTF8.self)
        }
        let bytes = (0..<Int.random(in: 0..<200, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a mutated or random lab file gives a sound spec or a reason, and every value that was parsed has its place")
    func labFiles() throws {
        var generator = SeededGenerator(seed: Self.seed)
        var accepted = 0
        for round in 0..<rounds {
            let base = round % 2 == 0 ? LabTexts.rich : LabTexts.example
            let text = round % 8 == 7 ? Self.noise(&generator) : Self.mutated(base, &generator)
            let context = Comment(rawValue: "seed \(Self.seed), round \(round): \(text)")
            if let (root, _) = try? TOMLDocument.read(text, file: nil) {
                #expect(TOMLDocumentTests.valuesWithoutPlace(root).isEmpty, context)
            }
            do {
                let spec = try LabTexts.parse(text, manifests: ["labs/two-node.yaml": LabTexts.manifest])
                Self.checkInvariants(of: spec, context)
                accepted += 1
            } catch let error as LabFileError {
                Self.check(error, context)
            }
        }
        // The mutations must be mild enough to reach behind the parser.
        #expect(accepted > 200)
    }

    @Test("odd numbers, dates and strings are read or refused by the TOML parser, which never aborts")
    func values() {
        var generator = SeededGenerator(seed: Self.seed + 2)
        let pieces = [
            "0", "1", "9", "-", "+", ".", ":", "_", "e", "E", "x", "o", "b", "T", "Z", " ", "inf", "nan", "true", "f",
            "2020-01-01", "07:32:00", "2020-01-01 1", "\"", "'", "\\u00e9", "\\", "\r", "\u{7f}", "é", "[", "]", "{",
            "}", "a", "=",
            ",",
        ]
        var read = 0
        for round in 0..<rounds {
            let value = (0..<Int.random(in: 1...8, using: &generator)).compactMap { _ in
                pieces.randomElement(using: &generator)
            }.joined()
            for text in [
                "x = \(value)", "x = [\(value), \(value)]\n", "x = { \(value) }", "[\(value)]", "[[\(value)]]\n",
            ] {
                do {
                    let (root, _) = try TOMLDocument.read(text, file: nil)
                    #expect(TOMLDocumentTests.valuesWithoutPlace(root).isEmpty, "seed \(Self.seed + 2), \(text)")
                    read += 1
                } catch {
                    Self.check(error, "seed \(Self.seed + 2), round \(round): \(text)")
                }
            }
        }
        #expect(read > 200)
    }

    @Test("a mutated or random manifest gives pods that fit a lab, or a reason")
    func manifests() throws {
        var generator = SeededGenerator(seed: Self.seed + 1)
        let lab = try LabTexts.parse(
            LabTexts.example.replacing("manifests = [\"two-node.yaml\"]", with: "manifests = []"))
        var accepted = 0
        for round in 0..<rounds {
            let text = round % 8 == 7 ? Self.noise(&generator) : Self.mutated(LabTexts.manifest, &generator)
            let context = Comment(rawValue: "seed \(Self.seed + 1), round \(round): \(text)")
            do throws(LabFileError) {
                let pods = try ManifestFile.pods(text: text, file: "p.yaml")
                let spec = try lab.adding(pods: pods)
                Self.checkInvariants(of: spec, context)
                accepted += 1
            } catch {
                Self.check(error, context)
            }
        }
        #expect(accepted > 200)
    }

    @Test("a mutated or random manifest of any kind gives objects that decode, or a reason in its place")
    func objects() throws {
        var generator = SeededGenerator(seed: Self.seed + 3)
        var accepted = 0
        var refused = 0
        for round in 0..<rounds {
            let text = round % 8 == 7 ? Self.noise(&generator) : Self.mutated(Self.everyKind, &generator)
            let context = Comment(rawValue: "seed \(Self.seed + 3), round \(round): \(text)")
            do throws(LabFileError) {
                let objects = try ManifestFile.objects(text: text, file: "p.yaml")
                for object in objects {
                    #expect(throws: Never.self, context) { try object.type.decode(object.object.value) }
                    #expect(!object.object.name.isEmpty, context)
                }
                #expect(Set(objects.map(\.key)).count == objects.count, context)
                accepted += 1
            } catch {
                Self.check(error, context)
                refused += 1
            }
        }
        #expect(accepted > 100)
        #expect(refused > 100)
    }

    private static let everyKind = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, labels: {app.x/y: web}}
        spec:
          selector: {app: web}
          ports: [{name: http, port: 80, targetPort: web}, {name: dns, port: 53, protocol: UDP}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: c, image: nginx, ports: [{containerPort: 80}]}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: web}
        spec:
          podSelector: {matchLabels: {app: web}}
          ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80}]}]
        ---
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"k": "v"}}]}
        """

    private static func check(_ error: LabFileError, _ context: Comment) {
        #expect(!error.diagnostics.isEmpty, context)
        #expect(error.diagnostics.allSatisfy { !$0.message.isEmpty && !$0.remedy.isEmpty }, context)
        let controls = error.description.unicodeScalars.contains { $0.value < 32 && $0 != "\n" }
        #expect(!controls, context)
    }

    /// What a plan relies on.
    private static func checkInvariants(of spec: LabSpec, _ context: Comment) {
        #expect(spec.diagnostics().isEmpty, context)
        let own = spec.pods.filter { !$0.hostNetwork }
        let all = spec.nodes.flatMap(\.address) + spec.hosts.flatMap(\.address) + own.flatMap(\.address)
        #expect(Set(all).count == all.count, context)
        #expect(Set(spec.pods.map(\.qualifiedName)).count == spec.pods.count, context)
        for address in spec.nodes.flatMap(\.address) + spec.hosts.flatMap(\.address) {
            #expect(spec.underlay.cidr.contains { $0.contains(address) }, context)
        }
        for pod in spec.pods {
            let node = spec.nodes.first { $0.name == pod.node }
            #expect(node != nil && !pod.containers.isEmpty, context)
            if pod.hostNetwork {
                #expect(pod.address == node?.address, context)
            } else {
                #expect(pod.address.map(\.family) == spec.cluster.families, context)
                for address in pod.address {
                    let range = node?.podCIDR.first { $0.contains(address) }
                    #expect(range != nil && address != range?.address(at: 1) && address != range?.network, context)
                }
            }
        }
        let names = [spec.name] + spec.nodes.map(\.name) + spec.hosts.map(\.name) + spec.pods.map(\.name)
        for name in names { #expect(!name.isEmpty && !name.contains("/") && !name.hasPrefix("."), context) }
    }
}
