/// Bodies in the API's protobuf encoding (`application/vnd.kubernetes.protobuf`), in which newer kubectls say what
/// `kubectl create` makes, whatever the server tells them of itself.
public enum ProtobufBody {
    /// The tree of an object: after the magic `k8s` and a zero byte an envelope (runtime.Unknown) with the kind and the
    /// object's own message.
    ///
    /// - Throws: `APIStatus`: 400 where the body is cut off or no such message; 415 where its kind, or a field that it
    ///   sets, is read in JSON only.
    public static func decode(_ body: [UInt8]) throws(APIStatus) -> JSONValue {
        let magic: [UInt8] = [0x6b, 0x38, 0x73, 0]
        guard body.starts(with: magic) else {
            throw .badRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
        }
        let envelope = ProtobufMessage([
            1: ("type", .message(ProtobufMessage([1: ("apiVersion", .text), 2: ("kind", .text)]))),
            2: ("raw", .ignored), 3: ("contentEncoding", .ignored), 4: ("contentType", .ignored),
        ])
        let bytes = body[magic.count...]
        do throws(ProtobufError) {
            let type = try envelope.tree(bytes)["type"]
            let (apiVersion, kind) = (type?["apiVersion"]?.string ?? "", type?["kind"]?.string ?? "")
            guard let resource = ResourceType.of(apiVersion: apiVersion, kind: kind),
                let message = ProtobufMessage.of(resource)
            else { throw ProtobufError("the kind \(kind) is not read; send JSON", isUnsupported: true) }
            var tree = try message.tree(try raw(bytes))
            tree["apiVersion"] = .string(apiVersion)
            tree["kind"] = .string(kind)
            return .object(tree)
        } catch {
            throw error.isUnsupported
                ? .unsupportedMediaType(
                    "the body of the request was in an unknown format - accepted media types include: "
                        + "application/json, application/yaml (protobuf in part: \(error))")
                : .badRequest("error decoding a protobuf body: \(error)")
        }
    }

    private static func raw(_ envelope: ArraySlice<UInt8>) throws(ProtobufError) -> ArraySlice<UInt8> {
        var reader = ProtobufReader(envelope)
        while let field = try reader.next() {
            if case (2, .bytes(let bytes)) = field { return bytes }
        }
        return []
    }
}
