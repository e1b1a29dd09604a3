import TestSupport
import Testing
import Topology

@testable import Runtime

/// The file from which `lab exec` learns what programs in a pod are started with.
@Suite("a pod's surroundings")
struct PodSurroundingsTests {
    private func pod(_ containers: [ContainerSpec], name: String = "web", hostNetwork: Bool = false) -> PodSpec {
        PodSpec(name: name, node: "node1", hostNetwork: hostNetwork, containers: containers)
    }

    private func surroundings(of pod: PodSpec) -> PodSurroundings {
        PodSurroundings(pod, clusterDomain: "cluster.local")
    }

    @Test("what is written is read, whatever the words hold")
    func roundTrip() throws {
        let seed: UInt64 = 7
        var generator = SeededGenerator(seed: seed)
        let texts = ["", "0", "1", "a", "two words", "line\nbreak", "ünïcødé 🐟", "=", "-", "/srv"]
        func text() -> String { texts[Int.random(in: 0..<texts.count, using: &generator)] }
        for round in 0..<500 {
            let containers = (0..<Int.random(in: 0...3, using: &generator)).map { number in
                ContainerSpec(
                    name: "c\(number)", image: "nginx",
                    environment: (0..<Int.random(in: 0...4, using: &generator)).map {
                        EnvironmentVariable(name: "V\($0)", value: text())
                    },
                    workingDirectory: Bool.random(using: &generator) ? "/srv/\(text())" : nil)
            }
            let surroundings = surroundings(of: pod(containers))
            let read = PodSurroundings(encoded: surroundings.encoded)
            #expect(read == surroundings, "seed \(seed), round \(round)")
        }
    }

    @Test("host names are the pod's, cut to what the kernel takes, and the node's in its network")
    func hostNames() {
        let long = String(repeating: "x", count: 100)
        #expect(surroundings(of: pod([.builtinServer])).hostName == "web")
        #expect(surroundings(of: pod([.builtinServer], name: long)).hostName == String(long.prefix(63)))
        #expect(surroundings(of: pod([.builtinServer], hostNetwork: true)).hostName == "node1")
    }

    @Test("a pod says its own name, and its full one; there is none where that is too long for the kernel")
    func names() {
        var named = pod([.builtinServer])
        named.naming = PodNaming(spec: ["hostname": "db-0", "subdomain": "db", "setHostnameAsFQDN": true])
        #expect(surroundings(of: named).hostName == "db-0.db.default.svc.cluster.local")
        named.naming?.usesFullHostname = false
        #expect(surroundings(of: named).hostName == "db-0")
        named.naming = PodNaming(
            spec: ["subdomain": .string(String(repeating: "s", count: 60)), "setHostnameAsFQDN": true])
        #expect(surroundings(of: named).hostName.isEmpty)
    }

    @Test("a file that is cut off or wrong is refused, and nothing worse")
    func damaged() {
        let whole = surroundings(
            of: pod([ContainerSpec(name: "c", image: "i", environment: [EnvironmentVariable(name: "A", value: "b")])])
        ).encoded
        for length in whole.indices.dropFirst() where whole[length - 1] != 0 {
            #expect(PodSurroundings(encoded: Array(whole[..<length])) == nil)
        }
        #expect(PodSurroundings(encoded: []) == nil)
        for text in ["h\0c\0\0", "h\0c\0\0\u{31}\0", "h\0c\0\0-1\0", "h\0c\0\0x\0", "h\0c\0\u{39}\0"] {
            #expect(PodSurroundings(encoded: Array(text.utf8)) == nil)
        }
        var generator = SeededGenerator(seed: 11)
        let alphabet: [UInt8] = [0, 0, UInt8(ascii: "1"), UInt8(ascii: "9"), 0xff, UInt8(ascii: "a")]
        for _ in 0..<2_000 {
            let length = Int.random(in: 0...40, using: &generator)
            let bytes = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
            if let read = PodSurroundings(encoded: bytes) { #expect(PodSurroundings(encoded: read.encoded) == read) }
        }
    }
}
