internal import CLinux

extension Transaction {
    /// Appends a rule to the end of its chain, behind the maps of its own.
    mutating func add(_ rule: Rule, _ place: RulesetObject, chain: String, _ table: TableIndex) throws(NftablesError) {
        var anonymousMaps: [UInt32] = []
        for case .anonymousVerdictMap(let expression, let elements) in rule.statements {
            anonymousMaps.append(try addAnonymousMap(of: expression, elements, place, table.identity))
        }
        try withObject(nftnl_rule_alloc, nftnl_rule_free) { (object) throws(NftablesError) in
            nftnl_rule_set_str(object, UInt16(NFTNL_RULE_TABLE.rawValue), table.identity.name)
            nftnl_rule_set_str(object, UInt16(NFTNL_RULE_CHAIN.rawValue), chain)
            if let data = UserData(comment: rule.comment)?.bytes {
                nftnl_rule_set_data(object, UInt16(NFTNL_RULE_USERDATA.rawValue), data, UInt32(data.count))
            }
            var encoder = RuleEncoder(rule: object, table: table, place: place, anonymousMaps: anonymousMaps)
            try encoder.append(rule.statements)
            append(
                .add, place, type: NftablesConstants.newRule,
                flags: NftablesConstants.create | NftablesConstants.append, family: table.identity.family
            ) { nftnl_rule_nlmsg_build_payload($0, object) }
        }
    }
}
