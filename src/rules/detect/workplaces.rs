//! Where people work together: Notion, HubSpot, Telegram, Discord, Figma, Zendesk and others.

use super::detector::Detector;
use super::shape::Class;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("notion-token", &["ntn_"], Class::ALNUM, 46, 46)
        .see("https://developers.notion.com/reference/authentication"),
    Detector::named(
        "airtable-token",
        &["AIRTABLE", "airtable"],
        &["token", "apikey"],
        Class::ALNUM.and(Class::of(b".")),
        82,
        82,
    )
    .see("https://airtable.com/developers/web/guides/personal-access-tokens"),
    Detector::prefixed("hubspot-token", &["pat-na1-", "pat-na2-", "pat-eu1-", "pat-ap1-"], Class::UUID, 36, 36)
        .see("https://developers.hubspot.com/docs/guides/apps/private-apps/overview"),
    Detector::signed("telegram-token", &[":AA"], Class::BASE64_URL, (8, 10), (32, 33))
        .see("https://core.telegram.org/bots/api#authorizing-your-bot"),
    Detector::named(
        "discord-token",
        &["DISCORD", "discord"],
        &["token"],
        Class::BASE64_URL.and(Class::of(b".")),
        59,
        80,
    )
    .see("https://discord.com/developers/docs/reference#authentication"),
    Detector::prefixed("figma-token", &["figd_"], Class::BASE64_URL, 40, 40)
        .see("https://www.figma.com/developers/api#access-tokens"),
    Detector::prefixed("frameio-token", &["fio-u-"], Class::BASE64_URL.and(Class::of(b"=")), 64, 64)
        .see("https://developer.frame.io/docs/getting-started/authentication"),
    Detector::prefixed("typeform-token", &["tfp_"], Class::BASE64_URL.and(Class::of(b".=")), 40, 64)
        .see("https://www.typeform.com/developers/get-started/personal-access-token/"),
    Detector::prefixed("readme-key", &["rdme_"], Class::LOWER_ALNUM, 70, 70)
        .see("https://docs.readme.com/main/reference/intro/authentication"),
    Detector::prefixed("contentful-token", &["CFPAT-"], Class::BASE64_URL, 43, 43)
        .see("https://www.contentful.com/developers/docs/references/authentication/"),
    Detector::named("zendesk-token", &["ZENDESK", "zendesk"], &["token", "apikey", "secret"], Class::ALNUM, 40, 40)
        .see("https://developer.zendesk.com/api-reference/introduction/security-and-auth/"),
    Detector::named(
        "asana-token",
        &["ASANA", "asana"],
        &["token", "secret"],
        Class::ALNUM.and(Class::of(b"/:")),
        32,
        70,
    )
    .see("https://developers.asana.com/docs/personal-access-token"),
    Detector::named("mattermost-token", &["MATTERMOST", "mattermost"], &["token"], Class::LOWER_ALNUM, 26, 26)
        .see("https://developers.mattermost.com/integrate/reference/personal-access-token/"),
    Detector::named(
        "intercom-token",
        &["INTERCOM", "intercom"],
        &["token", "apikey"],
        Class::BASE64.and(Class::of(b"=_-")),
        60,
        60,
    )
    .see("https://developers.intercom.com/docs/build-an-integration/learn-more/authentication"),
    Detector::named("algolia-key", &["ALGOLIA", "algolia"], &["apikey", "adminkey"], Class::HEX, 32, 32)
        .see("https://www.algolia.com/doc/guides/security/api-keys/"),
    Detector::prefixed("mapbox-token", &["sk.eyJ"], Class::BASE64_URL.and(Class::of(b".")), 60, 200)
        .see("https://docs.mapbox.com/help/getting-started/access-tokens/"),
    Detector::named(
        "messagebird-key",
        &["MESSAGEBIRD", "messagebird"],
        &["apikey", "token", "accesskey"],
        Class::ALNUM,
        25,
        25,
    )
    .see("https://developers.messagebird.com/api/#authentication"),
    Detector::named(
        "freshworks-key",
        &["FRESHDESK", "freshdesk", "FRESHSERVICE", "freshservice"],
        &["apikey", "token"],
        Class::ALNUM,
        20,
        20,
    )
    .see("https://developers.freshdesk.com/api/#authentication"),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    ("notion-token", &["«ntn·_82736450917Example0Example1Example2Example3Ex7»"], &["ntn_x"]),
    (
        "airtable-token",
        &["AIRTABLE_TOKEN=«patExample0Examp7.9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08»"],
        &["airtable_base = \"x\""],
    ),
    ("hubspot-token", &["«pat-na1·-6a174c20-f6de-a53c-74d2-6018fcceff64»"], &["pat-eu1-x"]),
    ("telegram-token", &["TOKEN=«110201543:·AAExample0Example1Example2Example37»"], &["arn:AAA"]),
    (
        "discord-token",
        &["DISCORD_TOKEN=«Example0Example1Example2E7.Examp7.Example0Example1Example2Example3Examp7»"],
        &["DISCORD_TOKEN=$TOKEN"],
    ),
    ("figma-token", &["«figd·_Example0Example1Example2Example3Example7»"], &["figd_x"]),
    ("frameio-token", &["«fio-u·-Example0Example1Example2Example3Example4Example5Example6Example7»"], &["fio-u-x"]),
    ("typeform-token", &["«tfp·_Example0Example1Example2Example3Example4Example5Example6Ex7»"], &["tfp_x"]),
    ("readme-key", &["«rdme·_example0example1example2example3example4example5example6example7examp7»"], &["rdme_x"]),
    ("contentful-token", &["«CFPAT·-Example0Example1Example2Example3Example4Ex7»"], &["CFPAT-x"]),
    ("zendesk-token", &["ZENDESK_TOKEN=«Example0Example1Example2Example3Example7»"], &["zendesk_domain = \"x\""]),
    ("asana-token", &["ASANA_TOKEN=«Example0Example1Example2Example7»"], &["asana_project = \"1\""]),
    ("mattermost-token", &["MATTERMOST_TOKEN=«example0example1example2e7»"], &["mattermost_team = \"x\""]),
    (
        "intercom-token",
        &["INTERCOM_TOKEN=«Example0Example1Example2Example3Example4Example5Example6Exa7»"],
        &["intercom_app = \"x\""],
    ),
    ("algolia-key", &["ALGOLIA_API_KEY=«9f86d081884c7d659a2feaa0c55ad015»"], &["algolia_index = \"x\""]),
    (
        "mapbox-token",
        &["«sk.ey·JExample0Example1Example2Example3Example4Example5Example6Exa7.Example0Example1Examp7»"],
        &["sk.eyJ"],
    ),
    ("messagebird-key", &["MESSAGEBIRD_API_KEY=«Example0Example1Example27»"], &["messagebird_id = \"x\""]),
    ("freshworks-key", &["FRESHDESK_API_KEY=«Example0Example1Exa7»"], &["freshdesk_domain = \"x\""]),
];
