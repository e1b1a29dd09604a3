extension ObjectSchema {
    private static let seLinuxOptions = ObjectSchema(
        "SELinuxOptions", ["user": .string, "role": .string, "type": .string, "level": .string])

    private static let windowsOptions = ObjectSchema(
        "WindowsSecurityContextOptions",
        [
            "gmsaCredentialSpecName": .string, "gmsaCredentialSpec": .string, "runAsUserName": .string,
            "hostProcess": .boolean,
        ])

    private static let seccompProfile = ObjectSchema(
        "SeccompProfile", ["type": .string, "localhostProfile": .string])

    private static let appArmorProfile = ObjectSchema(
        "AppArmorProfile", ["type": .string, "localhostProfile": .string])

    /// core/v1 SecurityContext.
    static let securityContext = ObjectSchema(
        "SecurityContext",
        [
            "capabilities": .object(ObjectSchema("Capabilities", ["add": .strings, "drop": .strings])),
            "privileged": .boolean, "seLinuxOptions": .object(seLinuxOptions),
            "windowsOptions": .object(windowsOptions), "runAsUser": .int64, "runAsGroup": .int64,
            "runAsNonRoot": .boolean, "readOnlyRootFilesystem": .boolean, "allowPrivilegeEscalation": .boolean,
            "procMount": .string, "seccompProfile": .object(seccompProfile),
            "appArmorProfile": .object(appArmorProfile),
        ])

    /// core/v1 PodSecurityContext.
    static let podSecurityContext = ObjectSchema(
        "PodSecurityContext",
        [
            "seLinuxOptions": .object(seLinuxOptions), "windowsOptions": .object(windowsOptions),
            "runAsUser": .int64, "runAsGroup": .int64, "runAsNonRoot": .boolean,
            "supplementalGroups": .list(.int64, .atomic), "supplementalGroupsPolicy": .string, "fsGroup": .int64,
            "sysctls": .objects(ObjectSchema("Sysctl", ["name": .string, "value": .string])),
            "fsGroupChangePolicy": .string, "seccompProfile": .object(seccompProfile),
            "appArmorProfile": .object(appArmorProfile), "seLinuxChangePolicy": .string,
        ])
}
