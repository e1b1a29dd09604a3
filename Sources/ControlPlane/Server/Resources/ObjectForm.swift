internal import Glibc
internal import KubernetesModel
internal import NIOCore

/// Writes objects of one kind in the form that a client asks for.
struct ObjectForm: Sendable {
    /// What a table's rows carry besides their cells (TableOptions.includeObject).
    enum Inclusion: String, Sendable {
        case none = "None"
        case metadata = "Metadata"
        case object = "Object"
    }

    let type: ResourceType
    let representation: Representation
    let inclusion: Inclusion

    /// - Throws: `APIStatus` (406) where the client takes no form that there is.
    init(_ request: APIRequest, _ type: ResourceType) throws(APIStatus) {
        self.type = type
        representation = try Representation(accept: request.headers["accept"])
        inclusion = request.query["includeObject"].flatMap(Inclusion.init) ?? .metadata
    }

    // MARK: One object

    /// An object that is no row of a list.
    func whole(_ object: APIObject) -> JSONValue {
        switch representation {
        case .object: return object.value
        case .metadata(let version): return metadata(object, version)
        case .table(let version):
            let metadata: JSONValue =
                object.resourceVersion == 0
                ? [:] : ["resourceVersion": .string(String(object.resourceVersion))]
            return table(version, metadata, hasColumns: true, [row(object)])
        }
    }

    /// The bytes of an object that is no row of a list.
    func bytes(_ stored: StoredObject) -> [UInt8] {
        representation == .object ? stored.bytes : whole(stored.object).bytes
    }

    /// The object of a watch's event. A table has its columns in the first one only.
    func appendEventObject(_ stored: StoredObject, isFirst: Bool, to buffer: inout ByteBuffer) {
        switch representation {
        case .object: buffer.writeBytes(stored.bytes)
        case .metadata(let version): buffer.writeBytes(metadata(stored.object, version).bytes)
        case .table(let version):
            let metadata: JSONValue = ["resourceVersion": .string(String(stored.resourceVersion))]
            buffer.writeBytes(table(version, metadata, hasColumns: isFirst, [row(stored.object)]).bytes)
        }
    }

    /// What a bookmark carries: nothing but the version.
    func bookmark(_ version: UInt64, annotations: JSONValue?) -> JSONValue {
        var metadata: [String: JSONValue] = ["resourceVersion": .string(String(version)), "creationTimestamp": .null]
        if let annotations { metadata["annotations"] = annotations }
        switch representation {
        case .object:
            return ["kind": .string(type.kind), "apiVersion": .string(type.apiVersion), "metadata": .object(metadata)]
        case .metadata(let apiVersion):
            return [
                "kind": "PartialObjectMetadata", "apiVersion": .string(apiVersion), "metadata": .object(metadata),
            ]
        case .table(let apiVersion): return table(apiVersion, .object(metadata), hasColumns: false, [])
        }
    }

    // MARK: Lists

    /// What comes before a list's items.
    func listHead(_ metadata: JSONValue) -> String {
        let (kind, apiVersion) = listKind
        let head = "{\"kind\":\"\(kind)\",\"apiVersion\":\"\(apiVersion)\",\"metadata\":\(metadata.text)"
        guard case .table = representation else { return head + ",\"items\":[" }
        return head + ",\"columnDefinitions\":\(columns.text),\"rows\":["
    }

    /// What comes behind them.
    static let listTail = "]}"

    private var listKind: (kind: String, apiVersion: String) {
        switch representation {
        case .object: (type.listKind, type.apiVersion)
        case .metadata(let version): ("PartialObjectMetadataList", version)
        case .table(let version): ("Table", version)
        }
    }

    /// An item of a list.
    func appendItem(_ stored: StoredObject, to buffer: inout ByteBuffer) {
        switch representation {
        case .object: buffer.writeBytes(stored.bytes)
        case .metadata(let version): buffer.writeBytes(metadata(stored.object, version).bytes)
        case .table: buffer.writeBytes(row(stored.object).bytes)
        }
    }

    // MARK: Parts

    /// The time by which ages are told, in seconds since 1970.
    private var now: Int64 { Int64(time(nil)) }
    private var columns: JSONValue { .array(type.tableColumns.map(\.value)) }

    private func metadata(_ object: APIObject, _ apiVersion: String) -> JSONValue {
        ["kind": "PartialObjectMetadata", "apiVersion": .string(apiVersion), "metadata": object.metadata]
    }

    private func table(_ apiVersion: String, _ metadata: JSONValue, hasColumns: Bool, _ rows: [JSONValue]) -> JSONValue
    {
        [
            "kind": "Table", "apiVersion": .string(apiVersion), "metadata": metadata,
            "columnDefinitions": hasColumns ? columns : .null, "rows": .array(rows),
        ]
    }

    private func row(_ object: APIObject) -> JSONValue {
        var row: [String: JSONValue] = ["cells": .array(type.tableCells(of: object, now: now))]
        switch inclusion {
        case .none: break
        case .metadata: row["object"] = metadata(object, "meta.k8s.io/v1")
        case .object: row["object"] = object.value
        }
        return .object(row)
    }
}
