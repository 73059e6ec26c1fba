//! Microsoft Azure: client secrets, storage keys, SAS tokens, and the keys that carry their service's signature.

use super::assignment::assignment;
use super::detector::{Detector, Found, says_word};
use super::shape::{Class, begins, is_random, window};
use crate::finding::Confidence;
use std::ops::Range;

/// Which signatures Microsoft puts into which service's keys, and where.
const SIGNATURES: &str = "https://github.com/microsoft/security-utilities/blob/main/GeneratedRegexPatterns/PreciselyClassifiedSecurityKeys.json";
const STORAGE: &str = "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string";
const PADDED: Class = Class::BASE64.and(Class::of(b"="));

/// 64 bytes with a signature near the end.
const fn long(kind: &'static str, signature: &'static [&'static str]) -> Detector {
    Detector::signed(kind, signature, Class::BASE64, (76, 76), (8, 8)).see(SIGNATURES)
}

/// 32 bytes with a signature near the end.
const fn short(kind: &'static str, signature: &'static [&'static str]) -> Detector {
    Detector::signed(kind, signature, Class::BASE64, (33, 33), (7, 7)).see(SIGNATURES)
}

pub(super) const DETECTORS: &[Detector] = &[
    Detector::signed("azure-client-secret", &["7Q~", "8Q~"], Class::ALNUM.and(Class::of(b"~._-")), (3, 3), (31, 34))
        .see(SIGNATURES),
    long("azure-storage-key", &["+ASt"]),
    long("azure-cosmos-key", &["ACDb"]),
    long("azure-batch-key", &["+ABa"]),
    long("azure-api-management-key", &["APIM"]),
    long("azure-machine-learning-key", &["+AMC"]),
    short("azure-service-bus-key", &["+ASb"]),
    short("azure-event-hub-key", &["+AEh"]),
    short("azure-relay-key", &["+ARm"]),
    short("azure-iot-key", &["AIoT"]),
    short("azure-redis-key", &["AzCa"]),
    short("azure-event-grid-key", &["AZEG"]),
    Detector::signed("azure-container-registry-key", &["+ACR"], Class::BASE64, (42, 42), (6, 6)).see(SIGNATURES),
    Detector::signed("azure-search-key", &["AzSe"], Class::ALNUM, (42, 42), (6, 6)).see(SIGNATURES),
    Detector::signed("azure-function-key", &["AzFu"], Class::BASE64_URL, (44, 44), (8, 8)).see(SIGNATURES),
    Detector::signed("azure-service-key", &["JQQJ"], Class::ALNUM, (52, 52), (28, 32)).see(SIGNATURES),
    Detector::custom(
        "azure-storage-key",
        &[
            "AccountKey",
            "account_key",
            "ACCOUNT_KEY",
            "accountKey",
            "ccess_key",
            "CCESS_KEY",
            "torage_key",
            "torageKey",
        ],
        account_key,
    )
    .see(STORAGE),
    Detector::named(
        "azure-shared-access-key",
        &["SharedAccessKey", "SharedSecretValue", "shared_access_key"],
        &[],
        PADDED,
        43,
        44,
    )
    .sure(Confidence::High)
    .see("https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas"),
    Detector::custom("azure-sas-token", &["sig="], shared_access_signature)
        .see("https://learn.microsoft.com/azure/storage/common/storage-sas-overview"),
    Detector::custom("azure-app-configuration-key", &[".azconfig.io"], app_configuration)
        .see("https://learn.microsoft.com/azure/azure-app-configuration/howto-best-practices"),
    Detector::named(
        "azure-devops-token",
        &["AZURE_DEVOPS", "azure_devops", "AZDO", "azdo", "AZP_TOKEN", "azuredevops"],
        &["pat", "token"],
        Class::LOWER_ALNUM,
        52,
        52,
    )
    .see("https://learn.microsoft.com/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate"),
];

/// The key of the storage emulator is the same for everybody.
/// <https://learn.microsoft.com/azure/storage/common/storage-connect-azurite#well-known-storage-account-and-key>
const EMULATOR: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// 64 bytes in base64 that are called an account's key.
fn account_key(text: &str, literal: Range<usize>) -> Vec<Found> {
    let Some((_, value)) = assignment(text, &literal) else { return Vec::new() };
    let key = &text[value.clone()];
    let fits = key.len() == 88 && key.ends_with("==") && PADDED.all(key) && is_random(key);
    if fits && key != EMULATOR { vec![Found::at(value)] } else { Vec::new() }
}

/// The signature of a shared access signature: what makes the rest of the query valid.
fn shared_access_signature(text: &str, literal: Range<usize>) -> Vec<Found> {
    if !begins(text, literal.start) {
        return Vec::new();
    }
    let class = PADDED.and(Class::of(b"%-_"));
    let end = literal.end + class.run(text, literal.end, 128);
    let signature = &text[literal.end..end];
    if signature.len() < 40 || !is_random(signature) {
        return Vec::new();
    }
    let around = window(text, &literal, 768, 768);
    let (before, after) = (&text[around.start..literal.start], &text[end..around.end.max(end)]);
    let outside = |c: char| c.is_whitespace() || c == '"' || c == '\'';
    let before = before.rsplit(outside).next().unwrap_or_default();
    let after = after.split(outside).next().unwrap_or_default();
    let says = |name: &str| {
        let stands = |part: &str| part.match_indices(name).any(|(at, _)| begins(part, at));
        stands(before) || stands(after)
    };
    let complete = says("se=") && ["sv=", "sr=", "sp=", "sks="].iter().any(|name| says(name));
    if complete { vec![Found::at(literal.end..end)] } else { Vec::new() }
}

/// The secret of `Endpoint=https://x.azconfig.io;Id=...;Secret=...`.
fn app_configuration(text: &str, literal: Range<usize>) -> Vec<Found> {
    let rest = &text[literal.end..window(text, &literal, 0, 160).end];
    let Some(at) = rest.find(";Secret=") else { return Vec::new() };
    let start = literal.end + at + ";Secret=".len();
    let end = start + PADDED.run(text, start, 100);
    let one = says_word(&rest[..at.min(4)], "id") && !rest[..at].contains(char::is_whitespace);
    if one && end - start >= 36 && is_random(&text[start..end]) { vec![Found::at(start..end)] } else { Vec::new() }
}

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "azure-client-secret",
        &[
            "ARM_CLIENT_SECRET=«4Sw8·Q~rvZvIdMcyXHrDwG5FgHFvdQF6GtVblrdD8»",
            "(«4.w7·Q~rvZvIdMcyXHrDwG5FgHFvdQF6GtVblrd»)",
        ],
        &["4Sw8Q~short", "aaaa4Sw8Q~rvZvIdMcyXHrDwG5FgHFvdQF6GtVblrdD8x"],
    ),
    (
        "azure-storage-key",
        &[
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDiPbkmaB/1mtZIKkMsS/veEWU5o7CeEEXhPBeG98xU9n32g8oPx7ZnA==»;EndpointSuffix=core.windows.net",
            "access_key = \"«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDiPbkmaB/1mtZIKkMsS/veEWU5o7CeEEXhPBeG98xU9n32g8oPx7ZnA==»\"",
            "key: «eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDiPbkmaB/1mtZIKkMsS/veEWU5o7CeEEXhPBeG98xU9n3·+ASt2g8oPA==»",
        ],
        &[
            "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;",
            "note = eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDiPbkmaB/1mtZIKkMsS/veEWU5o7CeEEXhPBeG98xU9n32g8oPx7ZnA==",
            "AccountKey=${azurerm_storage_account.a.primary_access_key}",
        ],
    ),
    (
        "azure-cosmos-key",
        &[
            "AccountEndpoint=https://a.documents.azure.com:443/;Key=«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDiPbkmaB/1mtZIKkMsS/veEWU5o7CeEEXhPBeG98xU9n3·ACDb2g8oPA==»",
        ],
        &["ACDb"],
    ),
    (
        "azure-batch-key",
        &["«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDiPbkmaB/1mtZIKkMsS/veEWU5o7CeEEXhPBeG98xU9n3·+ABa2g8oPA==»"],
        &[],
    ),
    (
        "azure-api-management-key",
        &["«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDiPbkmaB/1mtZIKkMsS/veEWU5o7CeEEXhPBeG98xU9n3·APIM2g8oPA==»"],
        &["the APIM gateway"],
    ),
    (
        "azure-machine-learning-key",
        &["«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDiPbkmaB/1mtZIKkMsS/veEWU5o7CeEEXhPBeG98xU9n3·+AMC2g8oPA==»"],
        &[],
    ),
    ("azure-service-bus-key", &["k=«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDi·+ASbC2g8oP=»"], &[]),
    ("azure-event-hub-key", &["k=«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDi·+AEhC2g8oP=»"], &[]),
    ("azure-relay-key", &["k=«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDi·+ARmC2g8oP=»"], &[]),
    ("azure-iot-key", &["k=«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDi·AIoTC2g8oP=»"], &["AIoT devices"]),
    ("azure-redis-key", &["k=«eOjpqQnbYpWmQpFUCTO23hTEESCcZQDi0·AzCaC2g8oP=»"], &[]),
    ("azure-event-grid-key", &["k=«eOjpqQnbYpWmQpFUCTO23hTEESCcZQDi0·AZEGC2g8oP=»"], &[]),
    ("azure-container-registry-key", &["k=«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDiPbkmaB/1m·+ACRC2g8oP»"], &[]),
    ("azure-search-key", &["k=«eOjpqQn9bYpWmQpFUCTO23hTEESCcZQDiPbkmaB91m·AzSeC2g8oP»"], &[]),
    ("azure-function-key", &["?code=«eOjpqQn-bYpWmQpFUCTO23hTEESCcZQDiPbkmaB_1mtZ·AzFu2g8oPA==»"], &[]),
    (
        "azure-service-key",
        &["OPENAI=«eOjpqQn9bYpWmQpFUCTO23hTEESCcZQDiPbkmaB91mtZIKkMsS0v·JQQJ99BCACYeBjFXJ3w3AAABACOGabcd»"],
        &["JQQJ99"],
    ),
    (
        "azure-shared-access-key",
        &[
            "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDiPbkmaB/1mg=»",
        ],
        &["SharedAccessKey=${azurerm_servicebus_namespace.a.default_primary_key}"],
    ),
    (
        "azure-sas-token",
        &[
            "sas_token = \"?sv=2022-11-02&ss=b&srt=co&sp=rl&se=2030-01-01T00:00:00Z&spr=https&sig=«eOjpqQn%2BbYpWmQpFUCTO23hTEESCcZQDiPbkmaB%2F1mg%3D»\"",
            "SharedAccessSignature sr=sb%3a%2f%2fa&sig=«eOjpqQn%2BbYpWmQpFUCTO23hTEESCcZQDiPbkmaB%2F1mg%3D»&se=1893456000&skn=Root",
        ],
        &["https://example.com/?sig=eOjpqQn%2BbYpWmQpFUCTO23hTEESCcZQDiPbkmaB%2F1mg%3D", "sv=1&se=2&sig=<signature>"],
    ),
    (
        "azure-app-configuration-key",
        &[
            "Endpoint=https://a.azconfig.io;Id=Ab1-l0-s0:eOjpqQnbYpWmQpFUCTO2;Secret=«eOjpqQn+bYpWmQpFUCTO23hTEESCcZQDiPbkmaB/1mg=»",
        ],
        &["Endpoint=https://a.azconfig.io;Id=x;Secret=xxx"],
    ),
    (
        "azure-devops-token",
        &["AZDO_PERSONAL_ACCESS_TOKEN=«ab2cd3ef4gh5ij6kl7mn2op3qr4st5uv6wx7yz2ab3cd4ef5gh6i»"],
        &["AZDO_PERSONAL_ACCESS_TOKEN=$(System.AccessToken)"],
    ),
];
