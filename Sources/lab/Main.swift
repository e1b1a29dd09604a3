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
            if let invocation = ExecInvocation(plain: CommandLine.arguments.dropFirst()) {
                return try invocation.run()
            }
            if case let words = CommandLine.arguments, words.count == 3, let word = words.last, word.first != "-" {
                switch words[1] {
                case "supervise": return try await Supervise.run(lab: word)
                case "up": return try await Up.run(file: word)
                default: break
                }
            }
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
