import ArgumentParser
import TestSupport
import Testing

@testable import lab

/// What is read without the argument parser has to be what the parser reads.
@Suite("lab exec, plainly written")
struct ExecInvocationTests {
    private func parsed(_ words: [String]) -> ExecInvocation? {
        (try? Lab.parseAsRoot(words) as? Exec)?.invocation
    }

    @Test(
        "is understood without the parser, as the parser does",
        arguments: [
            "exec a -- true", "exec a -- ping -c1 10.244.2.3", "exec -n kube-system a -- true",
            "exec a -n kube-system -- true", "exec -c nginx a -- sh -c exit", "exec --container nginx a -- true",
            "exec --namespace x --lab two-node node/node1 -- ip address", "exec host/client --lab l -- true",
            "exec -i -t a -- sh", "exec -it a -- sh", "exec -ti a -- sh", "exec --stdin --tty a -- sh",
            "exec a -- -- true", "exec a -- --help", "exec a -- sh -- --lab x", "exec ../a -- true", "exec é -- true",
        ])
    func understood(line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let plain = try #require(ExecInvocation(plain: words))
        #expect(plain == parsed(words))
    }

    @Test(
        "is left to the parser where there is any doubt",
        arguments: [
            "", "exec", "exec a", "exec a --", "exec -- true", "exec --help", "exec -h a -- true", "exec a b -- true",
            "exec --lab=x a -- true", "exec -nx a -- true", "exec -n -- a -- true", "exec -n -x a -- true",
            "exec -n x --namespace y a -- true", "exec -n x -n y a -- true", "exec --version a -- true",
            "exec --unknown a -- true", "exec -x a -- true", "exec - -- true", "help exec", "up a -- true",
            "exec -c x --container y a -- true", "exec -itc x a -- true",
        ])
    func leftToParser(line: String) {
        #expect(ExecInvocation(plain: line.split(separator: " ").map(String.init)) == nil)
    }

    @Test("any words at all are understood as the parser does, or not at all")
    func property() {
        let seed: UInt64 = 20_240_611
        var generator = SeededGenerator(seed: seed)
        let words = [
            "-n", "--namespace", "-c", "--container", "--lab", "-i", "-t", "-it", "--stdin", "--tty", "--", "--", "a",
            "b",
            "node/x", "", "-", "-x", "--help", "--lab=x", "-nx", "true", "-1", "---", "exec", "é", "--no", "-ii",
        ]
        var understood = 0
        for round in 0..<3_000 {
            let line =
                ["exec"]
                + (0..<Int.random(in: 1...7, using: &generator)).map { _ in
                    words[Int.random(in: 0..<words.count, using: &generator)]
                }
            guard let plain = ExecInvocation(plain: line) else { continue }
            understood += 1
            #expect(plain == parsed(line), "seed \(seed), round \(round): \(line)")
        }
        #expect(understood > 50)
    }
}
