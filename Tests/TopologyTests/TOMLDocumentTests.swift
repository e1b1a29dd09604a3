import Testing

@testable import Topology

struct TOMLDocumentTests {
    @Test("every value of a document has the place of its key or list element")
    func positions() throws {
        let (root, sources) = try TOMLDocument.read(LabTexts.rich, file: "x.toml")
        #expect(TOMLDocumentTests.valuesWithoutPlace(root).isEmpty)
        let container = FieldPath.root["pod"][0]["container"][0]
        let command = try #require(sources[container["command"][1]]?.position)
        let lines = LabTexts.rich.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[command.line - 1].dropFirst(command.column - 1).hasPrefix("'-g'"))
        let port = try #require(sources[container["port"][0]["host-port"]]?.position)
        #expect(lines[port.line - 1].dropFirst(port.column - 1).hasPrefix("host-port"))
    }

    @Test("columns count Unicode scalars, and lines inside strings count")
    func columns() {
        let scan = TOMLScan(
            of: "\u{feff}a = { \"ä\" = \"é\", b = 1 }\nc = '''\n\n''' # x\n d.\"e\\u0041\" = [[1], [2]]")
        #expect(scan.positions[FieldPath.root["a"]["b"]] == Position(line: 1, column: 18))
        #expect(scan.positions[FieldPath.root["d"]["eA"][1][0]] == Position(line: 5, column: 23))
    }

    @Test(
        "text that is no TOML is refused with its line and column",
        arguments: [
            ("a = 1\nb = ", 2), ("a = 1\na = 2", 2), ("x = \"\n\"", 1), ("[a", 1), ("a = 1 b = 2", 1), ("\u{1}", 1),
        ])
    func syntax(text: String, line: Int) throws {
        let problem = try #require(try LabTexts.problems(text).first)
        #expect(problem.line == line)
        #expect(problem.column != nil)
        #expect(problem.message.contains("not TOML"), "\(problem)")
    }

    @Test("every form of number, date and time of TOML is read, and what only looks like one is refused")
    func scalars() throws {
        let good = [
            "0", "-0", "+99", "1_000", "0xDEAD_beef", "0o755", "0b1_0", "1.0", "-0.5", "1e10", "6.6E-34",
            "5_0.2_5e+1_0",
            "inf", "-nan", "true", "false", "1979-05-27", "07:32:00", "07:32:00.999", "1979-05-27T07:32:00Z",
            "1979-05-27 07:32:00", "1979-05-27t00:32:00.5-07:00",
        ]
        for value in good {
            let texts = [
                "x = \(value)", "x = \(value) # y", "x = [\(value) , \(value)\n]", "x = { y = \(value) , z=\(value) }",
            ]
            for text in texts { #expect(throws: Never.self) { try TOMLDocument.read(text, file: nil) } }
        }
        for value in [
            "", "00", "01", "1_", "_1", "1__0", "0x", "+0x1", "1.", ".5", "1e", "tru", "True", "1979-05-27 1",
            "1979-05-27T",
            "1979-05", "07:32", "07:32:00.", "9999999999999999999", "1979-13-45", "1 2", "=", "é",
        ] {
            #expect(throws: LabFileError.self, "\(value)") { try TOMLDocument.read("x = \(value)", file: nil) }
        }
    }

    @Test("tables and lists nested a million deep are refused before they exhaust the stack")
    func depth() throws {
        let count = 1_000_000
        let keys = String(repeating: "a.", count: count) + "a"
        for text in [
            "\(keys) = 1", "[\(keys)]", "[[\(keys)]]", "a = " + String(repeating: "[", count: count),
            "a = " + String(repeating: "{a=", count: count), "\(keys)",
            "a = [" + String(repeating: "{a.a=[\n", count: count),
        ] {
            let problem = try #require(try LabTexts.problems(text).first)
            #expect(problem.message.contains("more than 64 deep"), "\(problem)")
        }
    }

    @Test("a lab file of more than 16 MiB is refused unparsed")
    func size() throws {
        let text = "name = \"a\"\n" + String(repeating: "#", count: SourceFile.maximumLength)
        let problem = try #require(try LabTexts.problems(text).first)
        #expect(problem.message.contains("16 MiB"))
    }

    @Test("a problem reads as file, line, column, key, message and remedy, without control characters")
    func rendering() throws {
        let text = LabTexts.lab(
            "pod-cidr = [\"10.244.1.0/24\"]\n[[pod]]\nname = \"a\"\nnode = \"node1\"\n  address = [\"10.244.9.5\"]")
        let problems = try LabTexts.problems(text)
        #expect(
            LabFileError(problems).description
                == "labs/x.toml:8:14: pod[0].address[0]: 10.244.9.5 is outside the pod range 10.244.1.0/24 of node1; "
                + "use an address between 10.244.1.2 and 10.244.1.254")
        let odd = try LabTexts.problems(LabTexts.lab("\"\\u001b[31m\" = 1"))
        #expect(odd.first.map { !$0.description.unicodeScalars.contains("\u{1b}") } == true, "\(odd)")
        let many = LabFileError(Array(repeating: problems[0], count: 120))
        #expect(many.description.hasSuffix("\nand 70 more problems"))
    }

    /// The paths of values that the scan did not find.
    static func valuesWithoutPlace(_ value: DocumentValue) -> [FieldPath] {
        let own = value.position == nil && value.path != .root ? [value.path] : []
        switch value.content {
        case .list(let values): return own + values.flatMap(valuesWithoutPlace)
        case .table(let entries): return own + entries.flatMap { valuesWithoutPlace($0.value) }
        default: return own
        }
    }
}
