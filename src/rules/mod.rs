//! The rules. Invariant: pure and synchronous: no files, environment, clock or network; one rule never calls another.

pub mod artifacts;
pub mod backends;
mod beside;
pub mod buckets;
pub mod ci;
pub mod configuration;
mod custom;
pub mod detect;
pub mod exceptions;
pub mod iam;
mod inside;
pub mod live;
pub mod names;
pub mod providers;
mod rule;
mod run;
pub mod secret;
pub mod url;

pub use custom::{CustomRequirement, CustomRule, run_custom};
pub use rule::{
    ArtifactContext, AutomationContext, BackendContext, Check, Findings, Group, LiveContext, LiveCredential,
    ModuleContext, ProviderContext, ProvidersContext, RepositoryContext, ResourceContext, Rule, TextContext, Verdict,
    module_name, trace_of,
};
pub use run::{Answers, Outcome, Plan, Subject, run, run_live};

/// All rules, in the order of the catalogue.
pub const ALL: &[&Rule] = &[
    &backends::backend_static_credential::RULE,
    &backends::backend_config_credential::RULE,
    &backends::backend_cache_credential::RULE,
    &backends::backend_not_encrypted::RULE,
    &backends::backend_no_kms_key::RULE,
    &backends::backend_kms_key_not_arn::RULE,
    &backends::backend_no_locking::RULE,
    &backends::backend_deprecated_locking::RULE,
    &backends::backend_key_reused::RULE,
    &backends::backend_local::RULE,
    &backends::backend_insecure_transport::RULE,
    &backends::backend_checks_skipped::RULE,
    &backends::backend_shared_credential::RULE,
    &backends::backend_partial::RULE,
    &buckets::state_bucket_unversioned::RULE,
    &buckets::state_bucket_no_kms::RULE,
    &buckets::state_bucket_public::RULE,
    &buckets::state_bucket_policy_weak::RULE,
    &buckets::state_access_too_broad::RULE,
    &buckets::state_access_ineffective::RULE,
    &buckets::lock_table_invalid::RULE,
    &providers::provider_static_credential::RULE,
    &providers::provider_unpinned::RULE,
    &providers::provider_loosely_pinned::RULE,
    &providers::provider_version_in_block::RULE,
    &providers::provider_source_missing::RULE,
    &providers::terraform_version_unpinned::RULE,
    &providers::lock_file_missing::RULE,
    &providers::lock_file_incomplete::RULE,
    &providers::module_unpinned::RULE,
    &providers::module_loosely_pinned::RULE,
    &providers::module_source_credential::RULE,
    &providers::module_mutable_ref::RULE,
    &providers::provider_insecure_transport::RULE,
    &providers::provider_no_account_guard::RULE,
    &providers::provider_no_assume_role::RULE,
    &artifacts::state_committed::RULE,
    &artifacts::state_secret::RULE,
    &artifacts::plan_committed::RULE,
    &artifacts::plan_secret::RULE,
    &artifacts::terraform_directory_committed::RULE,
    &artifacts::gitignore_incomplete::RULE,
    &artifacts::cli_config_credential::RULE,
    &artifacts::trace_log_credential::RULE,
    &configuration::recognized_credential::RULE,
    &configuration::sensitive_attribute_literal::RULE,
    &configuration::variable_default_secret::RULE,
    &configuration::tfvars_secret::RULE,
    &configuration::variable_not_sensitive::RULE,
    &configuration::output_not_sensitive::RULE,
    &configuration::secret_in_free_text::RULE,
    &configuration::secret_from_random_string::RULE,
    &configuration::secret_unwrapped::RULE,
    &configuration::secret_in_state_avoidable::RULE,
    &configuration::long_lived_credential_minted::RULE,
    &configuration::minted_credential_unencrypted::RULE,
    &configuration::minted_credential_spread::RULE,
    &configuration::minted_credential_never_rotated::RULE,
    &configuration::unparsable_file::RULE,
    &ci::ci_static_cloud_credential::RULE,
    &ci::ci_literal_credential::RULE,
    &ci::ci_trace_logging::RULE,
    &ci::ci_state_exposed::RULE,
    &ci::oidc_trust_too_broad::RULE,
    &ci::tfe_static_credential::RULE,
    &live::credential_active::RULE,
    &artifacts::credential_overdue::RULE,
    &live::credential_unused::RULE,
    &live::credential_of_root::RULE,
    &live::live_state_bucket::RULE,
    &live::live_lock_table::RULE,
    &live::live_kms_rotation::RULE,
    &live::oidc_signing_key_unknown::RULE,
    &live::tfe_signing_key_defect::RULE,
    &exceptions::ignore_without_reason::RULE,
    &exceptions::exception_expired::RULE,
    &exceptions::policy_weakened::RULE,
    &exceptions::unused_ignore::RULE,
];

/// Where the rules' documentation can be read.
const DOCUMENTATION: &str = "https://github.com/credlint/credlint/blob/main/docs/rules.md";

/// Where a rule's documentation can be read.
pub fn documentation_url(rule: &Rule) -> &'static str {
    static URLS: std::sync::LazyLock<std::collections::HashMap<&str, String>> =
        std::sync::LazyLock::new(|| ALL.iter().map(|rule| (rule.id, format!("{DOCUMENTATION}#{}", rule.id))).collect());
    URLS.get(rule.id).map_or(DOCUMENTATION, String::as_str)
}

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

/// A rule's page for a terminal: its head, then its documentation.
pub fn explain(rule: &Rule) -> String {
    let (severity, level) = (rule.severity.as_str(), rule.recommended.as_str());
    let fix = match rule.fix {
        crate::finding::FixAvailability::None => "no",
        crate::finding::FixAvailability::Sometimes => "where it is known how",
        crate::finding::FixAvailability::Always => "yes",
    };
    let head = format!(
        "# {}\n\n{}.\n\nseverity {severity} · level {level} (recommended) · safe fix: {fix} · since {}\n",
        rule.id,
        capital(rule.summary),
        rule.since
    );
    format!("{head}\n{}\n", rule.documentation.trim())
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
