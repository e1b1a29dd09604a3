import KubernetesModel
import Testing

@testable import lab

@Suite("Tables of the API server")
struct ServerTableTests {
    private static func table(_ rows: [[JSONValue]], hasColumns: Bool = true) -> ServerTable {
        let columns: JSONValue = [
            ["name": "Name", "priority": 0], ["name": "Ready", "priority": 0], ["name": "IP", "priority": 1],
        ]
        return ServerTable([
            "metadata": ["resourceVersion": "7"], "columnDefinitions": hasColumns ? columns : .null,
            "rows": .array(
                rows.map { cells in
                    let metadata: JSONValue = [
                        "name": cells[0], "namespace": "shop", "labels": ["b": "2", "a": "1"],
                    ]
                    return ["cells": .array(cells), "object": ["metadata": metadata]]
                }),
        ])
    }

    @Test("are printed with the columns that were asked for")
    func columns() {
        let table = Self.table([["web", "1/1", "10.0.0.1"], ["a-longer-name", "0/1", .null]])
        var plain = TablePrinter(.pods, .init())
        #expect(plain.text(of: table) == "NAME            READY\nweb             1/1\na-longer-name   0/1\n")
        var all = TablePrinter(
            .deployments,
            .init(isWide: true, withNamespace: true, withKind: true, withLabels: true, hasHeadings: false))
        #expect(
            all.text(of: Self.table([["web", "1/1", .null]]))
                == "shop   deployment.apps/web   1/1   <none>   a=1,b=2\n")
        #expect(table.version == "7")
    }

    @Test("that come later have no headings, and keep to the columns of the first")
    func later() {
        var printer = TablePrinter(.pods, .init())
        #expect(printer.text(of: Self.table([])) == "")
        #expect(printer.text(of: Self.table([["web", "1/1", "x"]])) == "NAME   READY\nweb    1/1\n")
        #expect(printer.text(of: Self.table([["db", "0/1", "x"]], hasColumns: false)) == "db     0/1\n")
    }

    @Test("sort by a field's numbers as numbers, and what has no such field comes first")
    func sorting() throws {
        let objects = [("a", 10), ("b", 9), ("c", nil)].map { name, port -> APIObject in
            var object = APIObject(.services, name: name)
            if let port { object["spec", "port"] = .integer(Int64(port)) }
            return object
        }
        #expect(try Sorting(".spec.port").sorted(objects) { $0 }.map(\.name) == ["c", "b", "a"])
        #expect(try Sorting("{.metadata.name}").sorted(objects.reversed()) { $0 }.map(\.name) == ["a", "b", "c"])
        #expect(throws: Complaint.self) { try Sorting("{.a[") }
    }
}

@Suite("Output formats")
struct ObjectFormatTests {
    private let objects = ["a", "b"].map { APIObject(.deployments, name: $0) }

    private func text(_ format: String, _ count: Int = 2, isSingle: Bool = false) throws -> String {
        try ObjectFormat(parsing: format).text(
            of: Array(objects.prefix(count)), isSingle: isSingle, hasHeadings: true)
    }

    @Test("are kubectl's")
    func formats() throws {
        #expect(try text("name") == "deployment.apps/a\ndeployment.apps/b\n")
        #expect(try text("jsonpath={.items[*].metadata.name}") == "a b")
        #expect(try text("jsonpath={.metadata.name}", 1, isSingle: true) == "a")
        #expect(try text("custom-columns=N:.metadata.name,K:kind") == "N     K\na     Deployment\nb     Deployment\n")
        #expect(try text("yaml", 0) == "apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: \"\"\n")
        #expect(try text("json", 1, isSingle: true).hasPrefix("{\n    \"apiVersion\": \"apps/v1\",\n"))
    }

    @Test(
        "that are none are refused",
        arguments: ["foo", "wide=1", "jsonpath={.a", "custom-columns=", "custom-columns=a"])
    func refused(format: String) {
        #expect(throws: Complaint.self) { try ObjectFormat(parsing: format) }
    }
}
