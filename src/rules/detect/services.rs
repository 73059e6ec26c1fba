//! Messages, payments, models: Twilio, SendGrid, Mailgun, Stripe, OpenAI, Anthropic and others.

use super::detector::{Detector, Found};
use super::shape::{Class, is_random, window};
use crate::finding::Confidence;
use std::ops::Range;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("sendgrid-key", &["SG."], Class::BASE64_URL.and(Class::of(b".")), 66, 66)
        .see("https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys"),
    Detector::prefixed("mailgun-key", &["key-"], Class::HEX, 32, 32)
        .sure(Confidence::Medium)
        .see("https://documentation.mailgun.com/docs/mailgun/api-reference/mg-auth"),
    Detector::named(
        "twilio-token",
        &["TWILIO", "twilio", "Twilio"],
        &["token", "secret", "apikey"],
        Class::ALNUM,
        32,
        34,
    )
    .see("https://www.twilio.com/docs/iam/api-keys"),
    Detector::signed("mailchimp-key", &["-us"], Class::HEX, (32, 32), (1, 2))
        .see("https://mailchimp.com/help/about-api-keys/"),
    Detector::prefixed("brevo-key", &["xkeysib-", "xsmtpsib-"], Class::ALNUM.and(Class::of(b"-")), 81, 81)
        .see("https://developers.brevo.com/docs/getting-started"),
    Detector::prefixed("stripe-key", &["sk_live_", "rk_live_"], Class::ALNUM, 20, 255).see(STRIPE),
    Detector::prefixed("stripe-key", &["sk_test_", "rk_test_"], Class::ALNUM, 20, 255)
        .sure(Confidence::Medium)
        .see(STRIPE),
    Detector::prefixed("stripe-key", &["whsec_"], Class::BASE64.and(Class::of(b"=")), 32, 64)
        .see("https://docs.stripe.com/webhooks#endpoint-secrets"),
    Detector::prefixed("anthropic-key", &["sk-ant-"], Class::BASE64_URL, 80, 160)
        .see("https://platform.claude.com/docs/en/api/overview#authentication"),
    Detector::prefixed("openai-key", &["sk-proj-", "sk-svcacct-", "sk-admin-"], Class::BASE64_URL, 40, 255).see(OPENAI),
    Detector::signed("openai-key", &["T3BlbkFJ"], Class::BASE64_URL, (23, 100), (20, 100)).see(OPENAI),
    Detector::prefixed("huggingface-token", &["hf_"], Class::LETTERS, 34, 34)
        .see("https://huggingface.co/docs/hub/security-tokens"),
    Detector::prefixed("groq-key", &["gsk_"], Class::ALNUM, 52, 52).see("https://console.groq.com/docs/quickstart"),
    Detector::prefixed("shopify-token", &["shpat_", "shpca_", "shppa_", "shpss_"], Class::HEX, 32, 32)
        .see("https://shopify.dev/changelog/app-secret-key-length-has-increased"),
    Detector::prefixed("square-token", &["sq0atp-", "sq0csp-"], Class::BASE64_URL, 22, 60)
        .see("https://developer.squareup.com/docs/build-basics/access-tokens"),
    Detector::prefixed("postman-key", &["PMAK-"], Class::UUID, 59, 59)
        .see("https://learning.postman.com/docs/developer/postman-api/authentication/"),
    Detector::custom("webhook", &["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"], discord)
        .see("https://discord.com/developers/docs/resources/webhook"),
    Detector::custom("webhook", &[".webhook.office.com/"], teams)
        .see("https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook"),
];

const STRIPE: &str = "https://docs.stripe.com/keys";
const OPENAI: &str = "https://platform.openai.com/docs/api-reference/authentication";

/// The token after the number: whoever knows both may post.
fn discord(text: &str, literal: Range<usize>) -> Vec<Found> {
    let number = literal.end + Class::DIGITS.run(text, literal.end, 24);
    let start = number + Class::of(b"/").run(text, number, 1);
    let end = start + Class::BASE64_URL.run(text, start, 100);
    let known = number > literal.end && start > number && end - start >= 60 && is_random(&text[start..end]);
    if known { vec![Found::at(start..end)] } else { Vec::new() }
}

/// The path of an incoming webhook of Teams: whoever knows it may post.
fn teams(text: &str, literal: Range<usize>) -> Vec<Found> {
    let end = literal.end + Class::BASE64_URL.and(Class::of(b"/@")).run(text, literal.end, 300);
    let path = &text[literal.end..end.min(window(text, &literal, 0, 300).end)];
    if path.contains("/IncomingWebhook/") && path.len() >= 120 { vec![Found::at(literal.end..end)] } else { Vec::new() }
}

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "sendgrid-key",
        &["SENDGRID_API_KEY=«SG·.Example0Example1Exampl.Example0Example1Example2Example3Example4Exa»"],
        &["SG.xxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ),
    ("mailgun-key", &["«key·-9f86d081884c7d659a2feaa0c55ad015»"], &["key-0123456789abcdef0", "key-pair"]),
    (
        "twilio-token",
        &["TWILIO_AUTH_TOKEN=«9f86d081884c7d659a2feaa0c55ad015»"],
        &["TWILIO_ACCOUNT_SID=AC9f86d081884c7d659a2feaa0c55ad015"],
    ),
    ("mailchimp-key", &["MAILCHIMP=«9f86d081884c7d659a2feaa0c55ad015·-us12»"], &["bucket-us1", "x-us-east-1"]),
    (
        "brevo-key",
        &["«xkeysib·-9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015-Example0Example1»"],
        &["xkeysib-xxx"],
    ),
    (
        "stripe-key",
        &[
            "«sk·_live_Example0Example1Example2»",
            "STRIPE=«rk·_test_Example0Example1Example2»",
            "«whsec·_Example0Example1Example2Example3»",
        ],
        &["pk_live_Example0Example1Example2", "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx"],
    ),
    (
        "anthropic-key",
        &[
            "«sk·-ant-api03-Example0Example1Example2Example3Example4Example5Example6Example7Example8Example9Example0Exam-AA»",
        ],
        &["sk-ant-api03-..."],
    ),
    (
        "openai-key",
        &[
            "OPENAI_API_KEY=«sk·-Example0Example1ExamT3BlbkFJExample0Example1Exam»",
            "«sk·-proj-Example0Example1Example2Example3Example4Example5»",
        ],
        &["sk-proj-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "sk-learn"],
    ),
    ("huggingface-token", &["HF_TOKEN=«hf·_ExampleExampleExampleAbcdefghijklm»"], &["hf_model_name"]),
    ("groq-key", &["«gsk·_Example0Example1Example2Example3Example4Example5Exam»"], &["gsk_"]),
    ("shopify-token", &["«shpat·_9f86d081884c7d659a2feaa0c55ad015»"], &["shpat_"]),
    ("square-token", &["«sq0atp·-Example0Example1Exampl»"], &["sq0atp-"]),
    ("postman-key", &["«PMAK·-9f86d081884c7d659a2feaa0-9f86d081884c7d659a2feaa0c55ad015a3»"], &["PMAK-"]),
    (
        "webhook",
        &[
            "https://discord.com/api/webhooks/111111111111111111/«Example0Example1Example2Example3Example4Example5Example6Example7Exam»",
            "https://acme.webhook.office.com/«webhookb2/6a174c20-f6de-a53c-74d2-6018fcceff64@6a174c20-f6de-a53c-74d2-6018fcceff64/IncomingWebhook/9f86d081884c7d659a2feaa0c55ad015/6a174c20-f6de-a53c-74d2-6018fcceff64»",
        ],
        &["https://discord.com/api/webhooks/<id>/<token>", "https://acme.webhook.office.com/webhookb2/x"],
    ),
];
