import KubernetesModel
import Testing

@Suite("Tables as text")
struct TableTextTests {
    private static func pod(_ name: String) throws -> APIObject {
        APIObject(
            try MergePatch.apply(
                json(
                    #"{"metadata":{"creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"nodeName":"n1","containers":[{}]},"status":{"phase":"Pending"}}"#
                ), to: APIObject(.pods, name: name).value))
    }

    @Test("columns are three spaces apart and at least six wide")
    func layout() throws {
        var table = TableText(.pods)
        let rows = try ["a", "longer-name"].map {
            TableText.row(of: try Self.pod($0), type: .pods, now: tableNow)
        }
        #expect(
            table.heading(before: rows) + table.text(of: rows) == """
                NAME          READY   STATUS    RESTARTS   AGE
                a             0/1     Pending   0          10m
                longer-name   0/1     Pending   0          10m

                """)
    }

    @Test("-o wide and -A add columns, and later rows keep to the widths")
    func wide() throws {
        var table = TableText(.pods, isWide: true, withNamespace: true)
        let row = TableText.row(
            of: try Self.pod("web"), type: .pods, isWide: true, withNamespace: true, now: tableNow)
        #expect(
            table.heading() + table.text(of: [row]) == """
                NAMESPACE   NAME   READY   STATUS   RESTARTS   AGE   IP    NODE   NOMINATED NODE   READINESS GATES
                default     web    0/1     Pending   0          10m   <none>   n1     <none>           <none>

                """)
        #expect(
            table.text(of: [row])
                == "default     web    0/1     Pending   0          10m   <none>   n1     <none>           <none>\n")
    }

    @Test("of a cell with several lines the first one is shown")
    func lines() {
        var table = TableText(headings: ["A", "B"])
        #expect(table.text(of: [["one\ntwo", "x"]]) == "one...   x\n")
    }
}
