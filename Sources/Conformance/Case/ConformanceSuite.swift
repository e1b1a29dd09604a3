import FoundationEssentials
public import Topology

/// The cases, mutants and the catalogue of behaviours of a directory:
///
///     conformance/
///       behaviours.toml    the catalogue
///       lab.toml           the lab that mutants are made of
///       cases/**.toml      a case a file
///       fixtures/*.yaml    the cases' pods and other objects
///       profiles/*.toml    what implementations make of what the API leaves to them
///       mutants/*.toml     networks that are broken on purpose, one or several a file
public struct ConformanceSuite: Sendable {
    /// The directory.
    public let directory: String
    /// The catalogue, in its order.
    public let behaviours: [Behaviour]
    /// The cases, in order of their files.
    public private(set) var cases: [ConformanceCase]
    /// The mutants, in order of their files.
    public private(set) var mutants: [Mutant]
    /// The profiles, in order of their files.
    public let profiles: [Profile]

    /// Makes a suite of parts at hand.
    public init(
        directory: String, behaviours: [Behaviour], cases: [ConformanceCase], mutants: [Mutant],
        profiles: [Profile] = []
    ) {
        self.directory = directory
        self.behaviours = behaviours
        self.cases = cases
        self.mutants = mutants
        self.profiles = profiles
    }

    /// Reads a suite.
    /// - Throws: `LabFileError` with every problem of every file, or with the directory's.
    public static func load(directory: String) throws(LabFileError) -> ConformanceSuite {
        var loader = SuiteLoader(directory: directory)
        let behaviours = loader.read(["\(directory)/behaviours.toml"], BehaviourFile.read).flatMap { $0 }
        let cases = loader.read(loader.files(below: "\(directory)/cases"), CaseFile.read) + generated(directory)
        let mutants = loader.read(loader.files(below: "\(directory)/mutants", isOptional: true), MutantFile.read)
            .flatMap { $0 }
        let profiles = loader.read(loader.files(below: "\(directory)/profiles", isOptional: true), ProfileFile.read)
        loader.check(cases, mutants, against: Set(behaviours.map(\.id)))
        loader.check(profiles, of: cases)
        guard loader.diagnostics.isEmpty else { throw LabFileError(loader.diagnostics) }
        return ConformanceSuite(
            directory: directory, behaviours: behaviours, cases: cases, mutants: mutants, profiles: profiles)
    }

    /// The cases that follow from descriptions, in a suite that has the pods that they are played with.
    private static func generated(_ directory: String) -> [ConformanceCase] {
        guard FileManager.default.fileExists(atPath: PolicyWorld.manifest(in: directory)) else { return [] }
        return PolicyScenario.all().map { $0.conformanceCase(directory: directory) }
    }

    /// The profile that a lab is held to: those of its components together.
    /// - Parameter name: one that takes the place of the one for the component of the same role; nil: none does.
    /// - Throws: `ConformanceError` where none has the name.
    public func profile(_ name: String?, for lab: LabSpec) throws -> Profile? {
        let own = profiles.filter { $0.needs.map { $0.unmet(by: lab) == nil } ?? false }
        guard let name else { return Profile.together(own) }
        if let profile = profiles.first(where: { $0.name == name }) {
            return Profile.together([profile] + own.filter { $0.role != profile.role })
        }
        let known = profiles.map(\.name).joined(separator: ", ")
        throw ConformanceError(
            "no profile is called \(Shown.quoted(name))",
            remedy: known.isEmpty ? "the suite has none" : "use one of \(known)")
    }

    /// The lab that mutants are made of.
    /// - Throws: `LabFileError` where it is missing or not valid.
    public func mutantLab() throws(LabFileError) -> LabSpec {
        try LabFile.read("\(directory)/lab.toml")
    }

    /// The suite with some of its cases only, and with the mutants that these can find. A word chooses a case by its id,
    /// by the beginning of its id up to a slash, or by a behaviour that it proves.
    /// - Parameters:
    ///   - focus: keeps the cases that one of these chooses; empty: all.
    ///   - skip: drops the cases that one of these chooses.
    /// - Throws: `SelectionError` for a word that chooses nothing.
    public func select(focus: [String] = [], skip: [String] = []) throws(SelectionError) -> ConformanceSuite {
        for word in focus + skip where !cases.contains(where: { $0.isChosen(by: word) }) {
            throw SelectionError(word: word, known: cases.map(\.id))
        }
        var suite = keeping { item in
            (focus.isEmpty || focus.contains { item.isChosen(by: $0) }) && !skip.contains { item.isChosen(by: $0) }
        }
        let chosen = Set(suite.cases.map(\.id))
        let proven = Set(suite.cases.flatMap(\.proves))
        suite.mutants = mutants.filter { mutant in
            mutant.cases.isEmpty ? mutant.breaks.allSatisfy(proven.contains) : mutant.cases.allSatisfy(chosen.contains)
        }
        return suite
    }

    /// The suite for little time: of the generated cases the few that find all faults of an engine, and of the mutants that
    /// are tried on generated cases one for each of these. Slow cases, and mutants that only they find, are left out.
    public var quick: ConformanceSuite {
        let few = Set(PolicyScenario.quick)
        var suite = keeping { !$0.isSlow && (!$0.isGenerated || few.contains($0.id)) }
        let proven = Set(suite.cases.flatMap(\.proves))
        let generated = Set(cases.filter(\.isGenerated).map(\.id))
        var seen: Set<String> = []
        suite.mutants = mutants.filter { mutant in
            guard let first = mutant.cases.first, generated.contains(first) else {
                return mutant.breaks.isEmpty || mutant.breaks.contains(where: proven.contains)
            }
            return few.contains(first) && seen.insert(first).inserted
        }
        return suite
    }

    /// The suite with the cases that something holds for.
    func keeping(_ isKept: (ConformanceCase) -> Bool) -> ConformanceSuite {
        var suite = self
        suite.cases = cases.filter(isKept)
        return suite
    }

    /// The suite with its cases in order of something; those that are equal in it stay as they are.
    func sorted<Value: Comparable>(by value: (ConformanceCase) -> Value) -> ConformanceSuite {
        var suite = self
        let ordered = cases.enumerated().sorted { (value($0.element), $0.offset) < (value($1.element), $1.offset) }
        suite.cases = ordered.map(\.element)
        return suite
    }
}

/// A word of `--focus` or `--skip` that chooses no case.
public struct SelectionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The word.
    public let word: String
    /// The ids that there are.
    public let known: [String]

    /// The text for reports and messages.
    public var description: String {
        let near = Suggestion.nearest(to: word, among: known).map { "did you mean \($0)?" }
        return "no case is called \(Shown.quoted(word)), and none proves it; "
            + (near ?? "use a case's id, the beginning of one up to a slash, or a behaviour's id (--list shows them)")
    }
}

extension ConformanceCase {
    func isChosen(by word: String) -> Bool {
        id == word || id.hasPrefix(word.hasSuffix("/") ? word : word + "/") || proves.contains(word)
    }
}

/// Reads the files of a suite and gathers their problems.
private struct SuiteLoader {
    let directory: String
    private(set) var diagnostics: [Diagnostic] = []

    init(directory: String) {
        self.directory = directory
    }

    /// The TOML files below a directory, in order of their paths.
    mutating func files(below path: String, isOptional: Bool = false) -> [String] {
        do {
            let names = try FileManager.default.subpathsOfDirectory(atPath: path)
            return names.filter { $0.hasSuffix(".toml") }.sorted().map { "\(path)/\($0)" }
        } catch {
            if !isOptional {
                refuse(
                    path, "the directory cannot be read: \(error)",
                    remedy: "name the directory that has the suite's cases")
            }
            return []
        }
    }

    mutating func read<Value>(
        _ paths: [String], _ parse: (SourceFile) throws(LabFileError) -> Value
    ) -> [Value] {
        var values: [Value] = []
        for path in paths {
            do {
                values.append(try parse(try SourceFile.read(path)))
            } catch let error as LabFileError {
                diagnostics += error.diagnostics
            } catch let error as SourceFileError {
                refuse(path, error.message, remedy: error.remedy)
            } catch {
                refuse(path, "cannot be read: \(error)", remedy: "check the file")
            }
        }
        return values
    }

    /// What concerns more than one file.
    mutating func check(_ cases: [ConformanceCase], _ mutants: [Mutant], against known: Set<String>) {
        var files: [String: String] = [:]
        let named = cases.map { ($0.id, $0.file) } + mutants.map { ("mutant \($0.id)", $0.file) }
        for (id, file) in named {
            if let other = files.updateValue(file, forKey: id) {
                refuse(
                    file, key: "id", "\(Shown.quoted(id)) is the id of \(other) too",
                    remedy: "give each an id of its own")
            }
        }
        let claims = cases.map { ($0.file, "proves", $0.proves) } + mutants.map { ($0.file, "breaks", $0.breaks) }
        for (file, key, ids) in claims {
            for id in ids where !known.contains(id) && !known.isEmpty {
                refuse(
                    file, key: key, "\(Shown.quoted(id)) is not in the catalogue",
                    remedy: "use an id of behaviours.toml")
            }
        }
        for item in cases {
            for path in item.manifests where !FileManager.default.fileExists(atPath: path) {
                refuse(
                    item.file, "there is no manifest \(path)",
                    remedy: "check the path, which is relative to the case's file")
            }
        }
    }

    mutating func check(_ profiles: [Profile], of cases: [ConformanceCase]) {
        for profile in profiles {
            let words =
                profile.inexpressible.keys.sorted().map { ("inexpressible", $0) }
                + profile.settling.keys.sorted().map { ("settling", $0) }
            for (key, word) in words where !cases.contains(where: { $0.isChosen(by: word) }) {
                refuse(
                    profile.file, key: key, "\(Shown.quoted(word)) chooses no case",
                    remedy: "use a case's id, the beginning of one up to a slash, or a behaviour's id")
            }
        }
    }

    private mutating func refuse(_ file: String, key: String = "", _ message: String, remedy: String) {
        diagnostics.append(Diagnostic(file: file, keyPath: key, message: message, remedy: remedy))
    }
}
