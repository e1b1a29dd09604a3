import ArgumentParser
import Conformance
import Netlink
import NetworkNamespaces
import Runtime
import Topology

/// Where the program starts: it parses the command line, runs the verb, and turns what went wrong into a sentence and
/// an exit status.
@main
enum Main {
    static func main() async {
        do {
            var command = try Lab.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Exit.end(with: error)
        }
    }
}
