import Addressing
import Runtime
import Topology

/// A lookup through the C library inside a pod, by getent(1).
struct NameLookup: Sendable {
    let name: String
    /// `A`, `AAAA` or `PTR`; nil: addresses of either family.
    let type: String?

    /// How long the library may take with its own retries, in seconds.
    private static let limit: Int32 = 15
    /// getent's exit status where there is no such name.
    private static let notFound: Int32 = 2

    /// Asks in a pod.
    /// - Throws: what is the suite's own trouble.
    func ask(in pod: ExecTarget, _ directory: LabDirectory, _ directories: LabDirectories) throws -> NameAnswer {
        let database = type == "PTR" ? "hosts" : "ahosts"
        let result = try pod.request(["getent", database, name], directory: directory, directories: directories)
            .run(within: Self.limit)
        guard result.status == 0 || result.status == Self.notFound else {
            throw ConformanceError(
                "getent \(database) \(name) ended with status \(result.status)", remedy: "install getent (libc-bin)")
        }
        var answer = NameAnswer()
        for line in result.output.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let first = words.first else { continue }
            if type == "PTR" {
                answer.records += words.dropFirst().prefix(1).map { "PTR \($0)." }
            } else if let address = IPAddress(first) {
                let record = "\(address.family == .ipv4 ? "A" : "AAAA") \(address)"
                guard type == nil || record.hasPrefix("\(type ?? "") "), !answer.records.contains(record) else {
                    continue
                }
                answer.records.append(record)
            }
        }
        return answer
    }
}
