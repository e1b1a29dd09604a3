public import KubernetesModel

/// How a change is to be made (meta/v1 CreateOptions, UpdateOptions, PatchOptions).
public struct WriteOptions: Sendable {
    /// Who changes, for the ownership of fields.
    public var fieldManager: String
    /// Whether everything is checked and nothing is stored.
    public var isDryRun: Bool
    /// What becomes of fields that the kind does not have.
    public var fieldValidation: FieldValidation

    /// What becomes of fields that the kind does not have (`fieldValidation`).
    public enum FieldValidation: String, Sendable {
        case ignore = "Ignore"
        case warn = "Warn"
        case strict = "Strict"
    }

    /// The usual way.
    public init(
        fieldManager: String = "lab", isDryRun: Bool = false, fieldValidation: FieldValidation = .ignore
    ) {
        self.fieldManager = fieldManager
        self.isDryRun = isDryRun
        self.fieldValidation = fieldValidation
    }
}

/// The part of an object that a request is about.
public enum Subresource: String, Sendable {
    case status
    case scale
}

/// A change that says only what is to be different.
public enum Patch: Sendable {
    /// RFC 6902, `application/json-patch+json`.
    case json(JSONValue)
    /// RFC 7396, `application/merge-patch+json`.
    case merge(JSONValue)
    /// `application/strategic-merge-patch+json`.
    case strategicMerge(JSONValue)
    /// Server-side apply, `application/apply-patch+yaml`.
    case apply(JSONValue, force: Bool)
}

/// How an object is to be deleted (meta/v1 DeleteOptions).
public struct DeleteOptions: Sendable {
    /// What becomes of dependents.
    public enum Propagation: String, Sendable {
        case orphan = "Orphan"
        case background = "Background"
        case foreground = "Foreground"
    }

    /// Seconds that a pod has to end, or nil for what its spec says.
    public var gracePeriodSeconds: Int64?
    /// What becomes of dependents.
    public var propagation: Propagation
    /// Only an object of this uid is deleted, or nil.
    public var uid: String?
    /// Only an object of this version is deleted, or nil.
    public var resourceVersion: UInt64?
    /// Whether everything is checked and nothing is deleted.
    public var isDryRun: Bool

    /// The usual way.
    public init(
        gracePeriodSeconds: Int64? = nil, propagation: Propagation = .background, uid: String? = nil,
        resourceVersion: UInt64? = nil, isDryRun: Bool = false
    ) {
        self.gracePeriodSeconds = gracePeriodSeconds
        self.propagation = propagation
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.isDryRun = isDryRun
    }
}

/// What a change has led to.
public struct WriteResult: Sendable {
    /// The object as it is now, or would be after a dry run.
    public let object: APIObject
    /// What happened.
    public let outcome: Outcome
    /// Sentences for the client (HTTP's Warning header).
    public let warnings: [String]

    /// What a change amounts to, in kubectl's words.
    public enum Outcome: String, Sendable {
        case created
        case configured
        case unchanged
        case deleted
    }

    init(_ object: APIObject, _ outcome: Outcome, warnings: [String] = []) {
        self.object = object
        self.outcome = outcome
        self.warnings = warnings
    }
}
