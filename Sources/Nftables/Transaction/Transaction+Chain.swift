internal import CLinux

extension Transaction {
    /// Adds a chain without its rules.
    mutating func add(_ chain: Chain, _ table: TableIdentity) throws(NftablesError) {
        try withObject(nftnl_chain_alloc, nftnl_chain_free) { (object) throws(NftablesError) in
            nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TABLE.rawValue), table.name)
            nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_NAME.rawValue), chain.name)
            if let base = chain.base {
                nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TYPE.rawValue), base.kind.rawValue)
                nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_HOOKNUM.rawValue), base.hook.number)
                nftnl_chain_set_s32(object, UInt16(NFTNL_CHAIN_PRIO.rawValue), base.priority.rawValue)
                let policy = base.policy == .accept ? NF_ACCEPT : NF_DROP
                nftnl_chain_set_u32(object, UInt16(NFTNL_CHAIN_POLICY.rawValue), UInt32(policy))
            }
            if let data = UserData(comment: chain.comment)?.bytes {
                nftnl_chain_set_data(object, UInt16(NFTNL_CHAIN_USERDATA.rawValue), data, UInt32(data.count))
            }
            append(
                .add, .chain(chain.name, in: table), type: NftablesConstants.newChain,
                flags: NftablesConstants.create | NftablesConstants.exclusive, family: table.family
            ) { nftnl_chain_nlmsg_build_payload($0, object) }
        }
    }

    /// Adds the rules of a chain that is there.
    mutating func addRules(of chain: Chain, _ table: TableIndex) throws(NftablesError) {
        for (index, rule) in chain.rules.enumerated() {
            try add(rule, .rule(index + 1, chain: chain.name, in: table.identity), chain: chain.name, table)
        }
    }

    /// Deletes a chain without rules.
    mutating func delete(chain: String, _ table: TableIdentity) throws(NftablesError) {
        try withObject(nftnl_chain_alloc, nftnl_chain_free) { (object) throws(NftablesError) in
            nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_TABLE.rawValue), table.name)
            nftnl_chain_set_str(object, UInt16(NFTNL_CHAIN_NAME.rawValue), chain)
            append(
                .delete, .chain(chain, in: table), type: NftablesConstants.deleteChain, family: table.family
            ) { nftnl_chain_nlmsg_build_payload($0, object) }
        }
    }

    /// Deletes all rules of a chain.
    mutating func flush(chain: String, _ table: TableIdentity) throws(NftablesError) {
        try withObject(nftnl_rule_alloc, nftnl_rule_free) { (object) throws(NftablesError) in
            nftnl_rule_set_str(object, UInt16(NFTNL_RULE_TABLE.rawValue), table.name)
            nftnl_rule_set_str(object, UInt16(NFTNL_RULE_CHAIN.rawValue), chain)
            append(
                .flush, .chain(chain, in: table), type: NftablesConstants.deleteRule, family: table.family
            ) { nftnl_rule_nlmsg_build_payload($0, object) }
        }
    }
}
