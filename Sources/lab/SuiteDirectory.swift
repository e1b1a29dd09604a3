import FoundationEssentials
import Glibc

/// Where the cases of the suite are.
enum SuiteDirectory {
    /// The directory that was asked for; else conformance/ here, beside the source tree that the program was built in, or
    /// where `make install` put it.
    static func find(_ wanted: String?) throws -> String {
        let candidates = wanted.map { [$0] } ?? usual
        if let found = candidates.first(where: { access("\($0)/cases", R_OK) == 0 }) { return found }
        throw Failure(
            "there is no suite in \(candidates.joined(separator: ", ")); name its directory with --suite",
            status: Exit.usage)
    }

    private static var usual: [String] {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        var directories = ["conformance"]
        var parent = program.split(separator: "/").dropLast()
        for _ in 0..<4 where !parent.isEmpty {
            directories.append("/" + parent.joined(separator: "/") + "/conformance")
            directories.append("/" + parent.joined(separator: "/") + "/share/lab/conformance")
            parent = parent.dropLast()
        }
        return directories
    }
}

/// A file that the user asked for.
enum ReportFile {
    /// Writes a text, creating the directory that it goes to.
    static func write(_ text: String, to path: String) throws {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try FileManager.default.createDirectory(atPath: String(path[..<slash]), withIntermediateDirectories: true)
        }
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else {
            throw Failure("cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
