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
    /// What the implementation has no way to say, with the reason: cases by what `--skip` chooses them by.
    public var inexpressible: [String: String] = [:]
    /// How long steps that may settle are waited for at least, where the implementation needs more time than the cases
    /// give: cases by what `--skip` chooses them by. The longest counts.
    public var settling: [String: Duration] = [:]
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

    /// What the implementation is for.
    enum Role {
        case serviceProxy, dns, networkPolicy
    }

    /// What the implementation is for.
    var role: Role {
        if needs?.dns != nil { return .dns }
        return needs?.networkPolicy != nil ? .networkPolicy : .serviceProxy
    }

    /// How long a case's steps that may settle are waited for at least; nil: as long as the case says.
    func settling(of item: ConformanceCase) -> Duration? {
        settling.filter { item.isChosen(by: $0.key) }.values.max()
    }

    /// Why nothing is asked of the implementation by a case; nil where it is held to it.
    func exclusion(of item: ConformanceCase) -> String? {
        guard let found = inexpressible.sorted(by: { $0.key < $1.key }).first(where: { item.isChosen(by: $0.key) })
        else { return nil }
        return "not expressible, says the profile: \(found.value)"
    }

    /// The profiles of a lab's components as one; nil where there are none. What an earlier one says counts.
    static func together(_ profiles: [Profile]) -> Profile? {
        guard var all = profiles.first else { return nil }
        for other in profiles.dropFirst() {
            all.name += ", \(other.name)"
            all.answers.merge(other.answers) { own, _ in own }
            all.inexpressible.merge(other.inexpressible) { own, _ in own }
            all.settling.merge(other.settling) { own, _ in own }
        }
        return all
    }
}

/// Reads a profile: `name`, `title`, `components` as a case's needs have them, and tables `answers`,
/// `inexpressible` and `settling`.
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
        table.refuseUnknownKeys(
            besides: ["name", "title", "components", "answers", "inexpressible", "settling"], in: "a profile")
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
            answers: answers, inexpressible: table.dictionary("inexpressible"), settling: settling(table, reader),
            file: path)
    }

    private static func settling(_ table: TableReader, _ reader: DocumentReader) -> [String: Duration] {
        guard let times = table.table("settling") else { return [:] }
        let file = CaseFile(reader: reader, directory: "")
        return Dictionary(
            (reader.entries(times.value) ?? []).compactMap { entry in
                file.duration(entry.key, of: times).map { (entry.key, $0) }
            }
        ) { first, _ in first }
    }
}
