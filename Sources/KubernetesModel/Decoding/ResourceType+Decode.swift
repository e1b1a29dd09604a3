extension ResourceType {
    /// Reads a tree as an object of this kind: every known field has to be of its type. Fields that are null are
    /// dropped as Go does it, whole numbers written as `80.0` become whole, a missing apiVersion and kind are filled
    /// in, and unknown fields are kept.
    ///
    /// - Returns: the object, and the paths of unknown fields, such as `spec.containers[0].foo`, in order; kubectl's
    ///   message for one is `unknown field "spec.foo"`.
    /// - Throws: `APIStatus` (400) where the tree is of another kind or a field has the wrong type.
    public func decode(_ value: JSONValue) throws(APIStatus) -> (object: APIObject, unknownFields: [String]) {
        guard case .object(var fields) = value else {
            throw .badRequest(
                "couldn't get version/kind; json parse error: json: cannot unmarshal \(value.typeName) into Go value "
                    + "of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; "
                    + "Kind string \"json:\\\"kind,omitempty\\\"\" }")
        }
        try fill("apiVersion", apiVersion, in: &fields) {
            "the API version in the data (\($0)) does not match the expected API version (\(apiVersion))"
        }
        try fill("kind", kind, in: &fields) {
            "\($0) in version \"\(version)\" cannot be handled as a \(kind): converting (v1.\($0)) to (v1.\(kind)): "
                + "unknown conversion"
        }
        var decoder = TreeDecoder()
        let decoded = decoder.object(fields, schema) ?? fields
        if let fault = decoder.firstFault {
            throw .badRequest("\(kind) in version \"\(version)\" cannot be handled as a \(kind): \(fault)")
        }
        return (APIObject(.object(decoded)), decoder.unknownFields.sorted())
    }

    private func fill(
        _ field: String, _ expected: String, in fields: inout [String: JSONValue], _ refusal: (String) -> String
    ) throws(APIStatus) {
        switch fields[field] {
        case nil, .null, "": fields[field] = .string(expected)
        case .string(expected): break
        case .string(let other): throw .badRequest(refusal(String(other.prefix(200))))
        case .some(let other):
            throw .badRequest(
                "couldn't get version/kind; json parse error: json: cannot unmarshal \(other.typeName) into Go struct "
                    + "field .\(field) of type string")
        }
    }
}
