internal import Topology

/// What a lab was last built to, and what it is being built to.
///
/// The files have specs as lab files say them: the variables by which pods find the API follow from the rest, and would be
/// most of what there is to write and to read.
extension LabDirectory {
    /// The spec that the lab was last built to, or nil before that.
    func applied() throws(StateError) -> LabSpec? {
        try StateFile.read(LabSpec.self, json: appliedSpec)?.tellingPodsOfAPI()
    }

    /// The specs of runs that have not come to their end.
    func targets() throws(StateError) -> [LabSpec] {
        (try StateFile.read([LabSpec].self, json: targetSpecs) ?? []).map { $0.tellingPodsOfAPI() }
    }

    /// What the files have of a spec.
    ///
    /// - Parameter bytes: the JSON of another spec, which will do where that is the same.
    static func encoded(
        _ spec: LabSpec, knowing bytes: [UInt8]? = nil, of other: LabSpec? = nil
    ) throws(StateError) -> [UInt8] {
        let spec = spec.forgettingAPI()
        if let bytes, spec == other { return bytes }
        return try StateFile.encoded(spec)
    }
}
