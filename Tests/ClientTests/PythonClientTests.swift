import Foundation
import LabFixture
import Testing

/// The Python client and the program that drives it.
enum PythonClient {
    static let interpreter = "\(Clients.directory)/python/bin/python3"

    static func program() throws -> String {
        try #require(Bundle.module.path(forResource: "client", ofType: "py", inDirectory: "Programs"))
    }
}

extension Clients {
    @Suite("The Python client")
    struct PythonClientTests {
        @Test(
            "does its work",
            arguments: [
                "objects", "patches", "pages", "watches", "execs", "terminals", "forwards", "logs", "errors",
                "informer_words",
            ])
        func work(_ name: String) throws {
            let lab = try TestLab.shared()
            let outcome = try run(
                PythonClient.interpreter, PythonClient.program(), name, environment: lab.clientEnvironment)
            #expect(outcome.status == 0, "\(outcome)")
        }
    }
}
