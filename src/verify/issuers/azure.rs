//! Microsoft Entra ID: client secrets of applications.

use super::verdicts::incomplete;
use crate::finding::{Reason, Verification};
use crate::verify::verifier::{only, unclear};
use crate::verify::{Answer, Ask, Body, Call, Candidate, Hosts, Request, Step, Verifier};
use reqwest::Url;
use serde_json::Value;

pub(in crate::verify) const VERIFIER: Verifier = Verifier {
    name: "azure",
    issuer: "Microsoft Entra ID",
    kinds: &["azure-client-secret"],
    self_hosted: false,
    logs_in: true,
    calls: &[Call {
        request: "POST /*/oauth2/v2.0/token",
        tells: "whether the secret works for the application and tenant that stand beside it",
        leaves: "a sign-in of the application in the tenant's log; the access token that it gives is thrown away",
        follows: false,
    }],
    ask: Ask::Http { home, next },
};

/// The clouds, as providers name them in `environment`: where one signs in, and the audience.
///
/// <https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud>
const CLOUDS: [(&[&str], &str, &str); 3] = [
    (&["public", "azurepubliccloud"], "https://login.microsoftonline.com", "https://graph.microsoft.com/.default"),
    (
        &["usgovernment", "azureusgovernment", "azureusgovernmentcloud"],
        "https://login.microsoftonline.us",
        "https://graph.microsoft.us/.default",
    ),
    (
        &["china", "azurechina", "azurechinacloud"],
        "https://login.partner.microsoftonline.cn",
        "https://microsoftgraph.chinacloudapi.cn/.default",
    ),
];

/// Where a candidate signs in, and the audience it names.
fn cloud(candidate: &Candidate) -> Option<(&'static str, &'static str)> {
    let name = candidate.beside(&[".environment", "azure_environment", "arm_environment"]).unwrap_or("public");
    let name = name.to_ascii_lowercase();
    CLOUDS.iter().find(|(names, ..)| names.contains(&name.as_str())).map(|(_, login, scope)| (*login, *scope))
}

/// The tenant: it becomes a part of the URL, so that nothing else than an id or a domain may stand there.
fn tenant(candidate: &Candidate) -> Option<&str> {
    let tenant = beside(candidate, ["arm_tenant_id", "azure_tenant_id"], ["tenant_id", ".tenantid"])?;
    (is_guid(tenant) || is_domain(tenant)).then_some(tenant)
}

/// What stands beside it under a name of Azure's own, else under one that others have as well.
fn beside<'c>(candidate: &'c Candidate, own: [&str; 2], any: [&str; 2]) -> Option<&'c str> {
    candidate.beside(&own).or_else(|| candidate.beside(&any).filter(|_| !candidate.contradicts(&own)))
}

fn client(candidate: &Candidate) -> Option<&str> {
    beside(candidate, ["arm_client_id", "azure_client_id"], ["client_id", ".clientid"]).filter(|id| is_guid(id))
}

fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty() && label.len() <= 63 && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label)
}

fn home(candidate: &Candidate, hosts: &Hosts) -> Result<Url, Verification> {
    if tenant(candidate).is_none() || client(candidate).is_none() {
        return Err(incomplete("the tenant and the application's id do not stand beside it"));
    }
    let (login, _) = cloud(candidate).ok_or_else(|| incomplete("the cloud that is named beside it is none known"))?;
    only(VERIFIER.name, hosts, login)
}

fn next(candidate: &Candidate, answers: &[Answer]) -> Step {
    let parts = || Some((tenant(candidate)?, client(candidate)?, cloud(candidate)?.1));
    let Some((tenant, client, scope)) = parts() else {
        return Step::Done(incomplete("the tenant and the application's id do not stand beside it"));
    };
    let Some(answer) = answers.last() else {
        let form = Body::form(&[
            ("grant_type", "client_credentials"),
            ("client_id", client),
            ("client_secret", candidate.secret.expose()),
            ("scope", scope),
        ]);
        return Step::Ask(Request::post(format!("/{tenant}/oauth2/v2.0/token"), form));
    };
    let mut verdict = judge(answer);
    if verdict.status == crate::finding::Status::Active {
        (verdict.principal, verdict.account) = (Some(client.to_owned()), Some(tenant.to_owned()));
    }
    Step::Done(verdict)
}

/// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
fn judge(answer: &Answer) -> Verification {
    if answer.is_ok() && answer.text("/access_token").is_some() {
        return Verification::active();
    }
    let codes = answer.json.as_ref().and_then(|json| json.get("error_codes")?.as_array());
    let codes: Vec<u64> = codes.into_iter().flatten().filter_map(Value::as_u64).collect();
    let has = |code: u64| answer.status.is_client_error() && codes.contains(&code);
    if has(7_000_222) {
        Verification::inactive(Reason::Expired)
    } else if has(7_000_215) {
        Verification::inactive(Reason::WrongSecret).detail("the application is known, and this is no secret of its")
    } else if has(7_000_112) {
        Verification::inactive(Reason::Disabled).detail("the application is switched off")
    } else if has(53_003) {
        Verification::active().detail("it works; conditional access does not let it sign in from here")
    } else if has(700_016) {
        incomplete("the tenant beside it has no application of the id beside it")
    } else if has(90_002) {
        incomplete("there is no tenant of the name beside it")
    } else {
        unclear(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_and_domains_become_part_of_the_address() {
        assert!(is_guid("00000000-0000-0000-c000-000000000000") && !is_guid("00000000-0000-0000-c000-00000000000g"));
        assert!(is_domain("contoso.onmicrosoft.com"));
        for bad in ["contoso", "../x.y", "a/b.c", "a..b", "x.y?z=1", "x.y#", "a b.c", "", "."] {
            assert!(!is_domain(bad) && !is_guid(bad), "{bad}");
        }
    }
}
