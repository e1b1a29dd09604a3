import ArgumentParser
import Runtime
import Topology

/// `lab kubeconfig`
struct ShowKubeconfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kubeconfig",
        abstract: "Print a kubeconfig, for kubectl and every client library.",
        discussion: """
            lab kubeconfig > kubeconfig; KUBECONFIG=kubeconfig kubectl get pods

            The server's address is on this host's loopback. With --node it is the one that nodes and outside hosts reach it \
            at, for programs run with lab exec node/NAME. Whoever has the file may do everything in the lab.
            """)

    @Flag(help: "For programs on nodes and outside hosts.")
    var node = false

    @OptionGroup var selection: LabSelection

    func run() throws {
        let directory = try selection.directory(LabDirectories.fromEnvironment())
        try Privilege.require("read a lab's kubeconfig")
        do {
            let file = try SourceFile.read(node ? directory.nodeKubeconfig : directory.kubeconfig)
            FileHandleStream.standardOutput.write(file.text)
        } catch {
            throw Failure(
                "\(directory.lab) has no kubeconfig\(node ? " for nodes" : ""): \(error.message); "
                    + "lab up with the lab's file makes it")
        }
    }
}
