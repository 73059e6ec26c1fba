//! Slack: tokens and incoming webhooks.

use super::detector::{Detector, Found};
use super::shape::{Class, byte_at, is_random};
use std::ops::Range;

const TOKENS: &str = "https://docs.slack.dev/authentication/tokens";

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed(
        "slack-token",
        &["xoxe.xoxp-", "xoxe.xoxb-", "xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxc-", "xoxe-", "xapp-"],
        Class::ALNUM.and(Class::of(b"-")),
        20,
        512,
    )
    .see(TOKENS),
    Detector::custom("slack-webhook", &["hooks.slack.com/"], webhook)
        .see("https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"),
];

/// The path of a webhook: whoever knows it may post.
fn webhook(text: &str, literal: Range<usize>) -> Vec<Found> {
    let class = Class::BASE64_URL.and(Class::of(b"/"));
    let mut end = literal.end + class.run(text, literal.end, 128);
    while end > literal.end && byte_at(text, end - 1) == b'/' {
        end -= 1;
    }
    let path = &text[literal.end..end];
    let parts: Vec<&str> = path.split('/').collect();
    let known = matches!(parts[..], ["services" | "workflows" | "triggers", team, _, last, ..]
        if team.len() > 6 && last.len() >= 12 && is_random(last) && (team.starts_with(['T', 'E'])));
    if known { vec![Found::at(literal.end..end)] } else { Vec::new() }
}

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "slack-token",
        &[
            "SLACK_TOKEN=«xox·b-111111111111-2222222222222-exampleExample0123456789»",
            "«xapp·-1-A0EXAMPLE00-1111111111111-0123456789abcdef0123456789abcdef»",
            "«xoxe·.xoxp-1-Mi0yLTExMTExMTExMTExMS0yMjIyMjIyMjIyMjIyLWV4YW1wbGVFeGFtcGxl»",
        ],
        &["xoxb-your-token", "xoxb-xxxxxxxxxxxx-xxxxxxxxxxxx-xxxxxxxxxxxxxxxxxxxxxxxx"],
    ),
    (
        "slack-webhook",
        &["https://hooks.slack.com/«serv·ices/T0EXAMPLE/B0EXAMPLE/exampleExample0123456789»\""],
        &[
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
            "https://hooks.slack.com/services/${var.path}",
            "https://hooks.slack.com/",
        ],
    ),
];
