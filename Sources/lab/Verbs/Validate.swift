import ArgumentParser
import KubernetesModel
import Topology

/// `lab validate`
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check lab files and manifests without building or changing anything.",
        discussion: """
            Every mistake is listed with file, line and key, and with what would be right. Of what is valid, the objects that \
            it would apply are listed.
            """)

    @Argument(help: "Lab files (.toml) and manifests.", completion: .file(extensions: ["toml", "yaml", "yml", "json"]))
    var files: [String]

    func run() throws {
        var isValid = true
        for file in files {
            do throws(LabFileError) {
                let text = file.lowercased().hasSuffix(".toml") ? try Self.lab(file) : try Self.manifest(file)
                FileHandleStream.standardOutput.write(text)
            } catch {
                FileHandleStream.standardError.write("\(error)\n")
                isValid = false
            }
        }
        if !isValid { throw ExitStatus(status: Exit.usage) }
    }

    private static func lab(_ file: String) throws(LabFileError) -> String {
        let spec = try LabFile.read(file)
        let objects = spec.objects.compactMap { object in
            ResourceType.of(apiVersion: object.apiVersion, kind: object.kind).map { ($0, object) }
        }
        return "\(file): lab \(spec.name) with \(spec.size) is valid\n" + lines(objects)
    }

    private static func manifest(_ file: String) throws(LabFileError) -> String {
        let objects = try ManifestSource([file], isRecursive: false, namespace: nil).objects()
        return "\(file): \(objects.count.of("object")) valid\n" + lines(objects.map { ($0.type, $0.object) })
    }

    /// What is applied, a line an object; of very many the first ones.
    private static func lines(_ objects: [(type: ResourceType, object: APIObject)]) -> String {
        let limit = 100
        var lines = objects.prefix(limit).map { type, object in
            let place = type.isNamespaced && object.namespace != "default" ? " in \(object.namespace)" : ""
            return "  applies \(type.printedName(of: object))\(place)\n"
        }
        if objects.count > limit { lines.append("  and \(objects.count - limit) more\n") }
        return lines.joined()
    }
}
