import ArgumentParser

/// `lab manual`: the manual page, for `make install`.
struct Manual: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print the manual page in roff.", shouldDisplay: false)

    func run() throws {
        FileHandleStream.standardOutput.write(Self.page)
    }

    static var page: String {
        var page = """
            .TH LAB 1 "" "lab \(Lab.version)" "Kubernetes networks on one host"
            .SH NAME
            lab \\- \(escaped(Lab.configuration.abstract))
            .SH DESCRIPTION

            """
        page += verbatim(Lab.helpMessage(columns: 78))
        for verb in Lab.verbs {
            page += ".SH LAB \(verb._commandName.uppercased())\n" + verbatim(Lab.helpMessage(for: verb, columns: 78))
        }
        return page
    }

    private static func verbatim(_ text: String) -> String {
        ".nf\n" + escaped(text) + "\n.fi\n"
    }

    /// A line that begins with a dot or an apostrophe would be a request of roff's.
    private static func escaped(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let line = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
            return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
        }
        return lines.joined(separator: "\n")
    }
}
