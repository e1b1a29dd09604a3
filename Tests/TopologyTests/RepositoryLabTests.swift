import Foundation
import KubernetesModel
import Testing

@testable import Topology

/// The lab files and manifests of the repository.
struct RepositoryLabTests {
    private static let labs = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "labs").path(percentEncoded: false)

    private static func names(_ directory: String, _ suffix: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).filter { $0.hasSuffix(suffix) }
            .sorted()
    }

    @Test("every lab file is valid", arguments: names(labs, ".toml"))
    func labFile(name: String) throws {
        let spec = try LabFile.read("\(Self.labs)/\(name)")
        #expect("\(spec.name).toml" == name)
        let text = try SourceFile.read("\(Self.labs)/\(name)").text
        #expect(spec.objects.isEmpty == !text.contains("\nmanifests"))
    }

    @Test("every manifest of the documents is valid as it is", arguments: names("\(labs)/documents", ".yaml"))
    func manifest(name: String) throws {
        let file = try SourceFile.read("\(Self.labs)/documents/\(name)")
        let objects = try ManifestFile.objects(text: file.text, file: name)
        #expect(
            objects.map { "\($0.object.name).yaml" } == [
                name.replacing("-deployment", with: "").replacing("-pod", with: "")
            ])
    }

    @Test("the documents' manifests can be applied together")
    func together() throws {
        let names = Self.names("\(Self.labs)/documents", ".yaml")
        let objects = try names.flatMap { name in
            try ManifestFile.objects(text: try SourceFile.read("\(Self.labs)/documents/\(name)").text, file: name)
        }
        #expect(names.count == 12)
        #expect(ManifestFile.duplicates(in: objects).isEmpty)
        let kinds = Dictionary(grouping: objects, by: \.type.kind).mapValues(\.count)
        #expect(kinds == ["Service": 5, "Deployment": 1, "Pod": 1, "Ingress": 1, "NetworkPolicy": 4])
    }
}
