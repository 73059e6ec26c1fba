//! Accounts of canary tokens: whoever uses a key of theirs raises an alarm.

/// Accounts of Thinkst's Canarytokens and of services like it.
/// <https://github.com/trufflesecurity/trufflehog/blob/main/pkg/detectors/aws/access_keys/canary.go>
const ACCOUNTS: [&str; 26] = [
    "052310077262",
    "171436882533",
    "266735846894",
    "534261010715",
    "595918472158",
    "717712589309",
    "730335385048",
    "819147034852",
    "893192397702",
    "992382622183",
    "044858866125",
    "251535659677",
    "344043088457",
    "351906852752",
    "390477818340",
    "426127672474",
    "427150556519",
    "439872796651",
    "445142720921",
    "465867158099",
    "637958123769",
    "693412236332",
    "732624840810",
    "735421457923",
    "959235150393",
    "982842642351",
];

/// Whether an account is known to hold nothing but traps.
pub(in crate::verify) fn is_canary(account: &str) -> bool {
    ACCOUNTS.contains(&account)
}
