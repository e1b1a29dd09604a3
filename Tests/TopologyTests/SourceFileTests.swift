import Foundation
import Testing

@testable import Topology

struct SourceFileTests {
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "labfile-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory.path)
    }

    private func problems(_ path: String) -> [Diagnostic] {
        do {
            let spec = try LabFile.read(path)
            Issue.record("accepted as \(spec)")
            return []
        } catch {
            return error.diagnostics
        }
    }

    private func write(_ text: String, _ path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    @Test("a file that is missing, a directory, a FIFO, a device, a circle of links, too long or no text is refused")
    func unreadable() throws {
        try inDirectory { directory in
            let circle = directory + "/circle.toml"
            try FileManager.default.createSymbolicLink(atPath: circle, withDestinationPath: circle)
            #expect(mkfifo(directory + "/fifo", 0o600) == 0)
            let long = directory + "/long.toml"
            #expect(FileManager.default.createFile(atPath: long, contents: nil))
            #expect(truncate(long, 100 << 20) == 0)
            try Data([0x6e, 0xff, 0xfe]).write(to: URL(filePath: directory + "/latin.toml"))
            try write("name = \"a\0b\"", directory + "/nul.toml")
            let cases = [
                (directory + "/none.toml", "no such file"), (directory, "is a directory"),
                (directory + "/fifo", "not a regular file"), ("/dev/zero", "not a regular file"),
                (circle, "in a circle"), (long, "16 MiB"), (directory + "/latin.toml", "not valid UTF-8"),
                (directory + "/nul.toml", "NUL"), ("", "empty"), (directory + "/a\0b", "NUL"),
                (long + "/x", "not a directory"), ("/" + String(repeating: "x", count: 5000), "too long"),
            ]
            for (path, words) in cases {
                let found = problems(path)
                #expect(found.count == 1)
                #expect(found.first?.message.contains(words) == true, "\(found)")
                #expect(found.first?.remedy.isEmpty == false)
            }
        }
    }

    @Test("a lab file on disk is read with its manifests")
    func reading() throws {
        try inDirectory { directory in
            try write(LabTexts.example, directory + "/lab.toml")
            try write(LabTexts.manifest, directory + "/two-node.yaml")
            #expect(try LabFile.read(directory + "/lab.toml").pods.map(\.name) == ["pod-a", "pod-b", "cluster-dns"])
        }
    }

    @Test("a manifest that is the lab file, or another entry, under the name of a link is refused")
    func circularList() throws {
        try inDirectory { directory in
            let lab = directory + "/lab.toml"
            try write(
                """
                name = "lab"
                manifests = ["self.yaml", "a.yaml", "link.yaml", "loop.yaml", "."]
                [[node]]
                name = "node1"
                """, lab)
            try write("", directory + "/a.yaml")
            for (name, target) in [("self", "lab.toml"), ("link", "a.yaml"), ("loop", "loop.yaml")] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(directory)/\(name).yaml", withDestinationPath: target)
            }
            let found = problems(lab)
            #expect(found.map(\.keyPath) == ["manifests[0]", "manifests[2]", "manifests[3]", "manifests[4]"])
            let words = [
                "the list goes in a circle", "the same file as \"a.yaml\"", "links lead in a circle", "directory",
            ]
            for (problem, words) in zip(found, words) { #expect(problem.message.contains(words), "\(problem)") }
        }
    }
}
