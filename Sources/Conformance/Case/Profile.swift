public import KubernetesModel
import Topology

/// What an implementation makes of what the API leaves to it: the answers that level P holds it to.
public struct Profile: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// What it describes, as a sentence.
    public var title: String
    /// The components of the labs that it is for; nil: it is used only where it is asked for.
    public var needs: LabNeeds?
    /// The answer to each question.
    public var answers: [String: String]
    /// The file that it was read from.
    public var file: String

    /// The answers to what the oracle of Services asks.
    public var serviceAnswers: ServiceProfile {
        var own: ServiceProfile = [:]
        for question in ServiceQuestion.allCases { own[question] = answers[question.rawValue] }
        return own
    }

    /// The answers to what the oracle of policies asks.
    public var policyAnswers: PolicyProfile {
        var own: PolicyProfile = [:]
        for question in PolicyQuestion.allCases { own[question] = answers[question.rawValue] }
        return own
    }
}

/// Reads a profile: `name`, `title`, `components` as a case's needs have them, and a table `answers`.
enum ProfileFile {
    /// `service.unknown-port`: words with dots and hyphens between.
    static func isQuestion(_ text: String) -> Bool {
        !text.isEmpty
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
                CaseFile.isIdentifier(String($0))
            }
    }

    static func read(_ file: SourceFile) throws(LabFileError) -> Profile {
        let reader = DocumentReader(file: file.path)
        let root = try TOMLDocument.root(file)
        let profile = TableReader(root, reader).flatMap { read($0, reader, file.path) }
        guard let profile, reader.diagnostics.isEmpty else { throw LabFileError(reader.diagnostics) }
        return profile
    }

    private static func read(_ table: TableReader, _ reader: DocumentReader, _ path: String) -> Profile? {
        table.refuseUnknownKeys(besides: ["name", "title", "components", "answers"], in: "a profile")
        let name = table.required("name", remedy: "name the profile, such as \"nftables\"")
        let title = table.required("title", remedy: "say in a sentence what it describes")
        let answers = table.dictionary("answers")
        if let source = table["answers"] {
            for question in answers.keys.sorted() where !isQuestion(question) {
                reader.refuse(
                    source, "\(Shown.quoted(question)) is no question",
                    remedy: "put it in quotation marks, as in \"service.unknown-port\" = \"refused\"")
            }
        }
        guard let name, let title else { return nil }
        return Profile(
            name: name.value, title: title.value, needs: table.table("components").map { LabNeeds($0) },
            answers: answers, file: path)
    }
}
