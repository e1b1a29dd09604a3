internal import ControlPlane
internal import KubernetesModel
internal import Topology

/// Reads the bodies of API requests that are YAML.
enum ManifestBody {
    /// One document.
    ///
    /// - Throws: `APIStatus` (400) where it is no YAML, or not one document.
    @Sendable static func parse(_ bytes: [UInt8]) throws(APIStatus) -> JSONValue {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badRequest("the body is not UTF-8")
        }
        let documents: [JSONValue]
        do throws(LabFileError) { documents = try YAMLText.documents(of: text) } catch {
            throw .badRequest("error converting YAML to JSON: \(error)")
        }
        guard documents.count == 1 else {
            throw .badRequest("the body has \(documents.count) documents; send one object a request")
        }
        return documents[0]
    }
}
