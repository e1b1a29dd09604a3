import ArgumentParser
import FoundationEssentials
import Testing

@testable import lab

/// What users read: it changes on purpose or not at all. `LAB_RECORD_SNAPSHOTS=1 swift test --filter HelpTests` records it
/// anew in the source tree.
struct HelpTests {
    @Test("the help of every verb is as recorded", arguments: Lab.verbs.map { $0._commandName } + ["lab"])
    func helpIsAsRecorded(verb: String) throws {
        let help =
            verb == "lab"
            ? Lab.helpMessage(columns: 80)
            : Lab.helpMessage(for: try #require(Lab.verbs.first { $0._commandName == verb }), columns: 80)
        try Snapshot(name: "help-\(verb).txt").compare(help)
    }

    @Test("completions offer every verb and no internal one", arguments: [CompletionShell.bash, .zsh, .fish])
    func completionsOfferVerbs(shell: CompletionShell) {
        let script = Lab.completionScript(for: shell)
        for verb in Lab.verbs { #expect(script.contains(verb._commandName)) }
        #expect(!script.contains("supervise"))
    }

    @Test("the manual has a section for every verb")
    func manualNamesVerbs() {
        let manual = Manual.page
        for verb in Lab.verbs { #expect(manual.contains(".SH LAB \(verb._commandName.uppercased())")) }
        // A line of text that begins with a dot would be taken for a request.
        let requests = manual.split(separator: "\n").filter { $0.hasPrefix(".") }
        #expect(requests.allSatisfy { [".TH", ".SH", ".nf", ".fi"].contains($0.prefix(3)) })
    }
}

/// A text recorded beside the tests.
struct Snapshot {
    let name: String

    func compare(_ text: String) throws {
        let source = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(source)/Snapshots/\(name)"
        if ProcessInfo.processInfo.environment["LAB_RECORD_SNAPSHOTS"] != nil {
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        let recorded = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        #expect(text == recorded, "record it anew if the change is meant")
    }
}
