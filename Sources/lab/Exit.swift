import ArgumentParser
import Glibc
import KubernetesModel
import Netlink
import NetworkNamespaces
import Runtime
import Topology

/// The exit statuses that scripts rely on.
enum Exit {
    /// The suite or a check failed.
    static let failed: Int32 = 1
    /// Wrong usage, or a file with mistakes.
    static let usage: Int32 = 2
    /// This host lacks something: root, a kernel feature.
    static let hostLacking: Int32 = 3
    /// lab itself failed while running a command.
    static let execFailed: Int32 = 125

    /// Says what went wrong on standard error and ends the process.
    static func end(with error: any Error) -> Never {
        switch error {
        case let verdict as ExitStatus:
            exit(verdict.status)
        case let failure as Failure:
            complain(failure.message)
            exit(failure.status)
        case let complaint as Complaint:
            FileHandleStream.standardError.write(complaint.message + "\n")
            exit(complaint.status)
        case let status as APIStatus:
            FileHandleStream.standardError.write(Complaint.text(status) + "\n")
            exit(failed)
        case let problems as LabFileError:
            // One line each, in the form that editors and CI annotate: file:line:column: what.
            FileHandleStream.standardError.write("\(problems)\n")
            exit(usage)
        default:
            let code = Lab.exitCode(for: error)
            if code == .success || code == .validationFailure {
                let text = Lab.fullMessage(for: error)
                (code == .success ? FileHandleStream.standardOutput : .standardError).write(text + "\n")
                exit(code == .success ? 0 : usage)
            }
            complain("\(error)")
            exit(isHostLacking(error) ? hostLacking : failed)
        }
    }

    private static func complain(_ message: String) {
        FileHandleStream.standardError.write("lab: \(message)\n")
    }

    private static func isHostLacking(_ error: any Error) -> Bool {
        switch error {
        case let error as BuildError: error.isHostLacking
        case let error as ControlFailure: error.isHostLacking
        case let error as NamespaceError: error.cause.errno == EPERM
        case let error as StateError: error.cause?.errno == EPERM || error.cause?.errno == EACCES
        default: false
        }
    }
}

/// Ends the process with a status and no further words.
struct ExitStatus: Error {
    let status: Int32
}

/// A sentence for the user and the exit status that goes with it.
struct Failure: Error {
    let message: String
    let status: Int32

    init(_ message: String, status: Int32 = Exit.failed) {
        self.message = message
        self.status = status
    }
}
