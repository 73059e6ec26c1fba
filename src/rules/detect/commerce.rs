//! Payments, parcels and the public: Plaid, Shippo, EasyPost, Flutterwave, GoCardless, Facebook, Dropbox and others.

use super::detector::Detector;
use super::shape::Class;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed(
        "plaid-token",
        &["access-sandbox-", "access-development-", "access-production-"],
        Class::UUID,
        36,
        36,
    )
    .see("https://plaid.com/docs/api/items/"),
    Detector::prefixed("shippo-token", &["shippo_live_", "shippo_test_"], Class::HEX, 40, 40)
        .see("https://docs.goshippo.com/docs/guides_general/authentication/"),
    Detector::prefixed("easypost-key", &["EZAK", "EZTK"], Class::ALNUM, 54, 54)
        .see("https://docs.easypost.com/docs/authentication"),
    Detector::prefixed(
        "duffel-token",
        &["duffel_live_", "duffel_test_"],
        Class::BASE64_URL.and(Class::of(b"=")),
        43,
        43,
    )
    .see("https://duffel.com/docs/api/overview/making-requests/authentication"),
    Detector::prefixed(
        "flutterwave-key",
        &["FLWSECK_TEST-", "FLWSECK-"],
        Class::LOWER_ALNUM.and(Class::of(b"-X")),
        12,
        40,
    )
    .see("https://developer.flutterwave.com/docs/authentication"),
    Detector::named(
        "lob-key",
        &["LOB_", "lob_"],
        &["apikey", "key", "secret"],
        Class::HEX.and(Class::of(b"livets_")),
        40,
        40,
    )
    .see("https://docs.lob.com/#tag/API-Keys"),
    Detector::named("gocardless-token", &["GOCARDLESS", "gocardless"], &["token"], Class::BASE64_URL, 40, 48)
        .see("https://developer.gocardless.com/getting-started/api/making-your-first-request/"),
    Detector::named(
        "coinbase-token",
        &["COINBASE", "coinbase"],
        &["token", "secret", "apikey"],
        Class::BASE64_URL,
        64,
        64,
    )
    .see("https://docs.cdp.coinbase.com/get-started/authentication/overview"),
    Detector::prefixed("facebook-token", &["EAAM", "EAAC", "EAAB", "EAAG"], Class::ALNUM, 100, 400)
        .see("https://developers.facebook.com/docs/facebook-login/guides/access-tokens/"),
    Detector::named(
        "dropbox-token",
        &["DROPBOX", "dropbox"],
        &["token", "secret"],
        Class::BASE64_URL.and(Class::of(b".=")),
        64,
        1500,
    )
    .see("https://developers.dropbox.com/oauth-guide"),
    Detector::named("twitch-secret", &["TWITCH", "twitch"], &["token", "secret"], Class::LOWER_ALNUM, 30, 30)
        .see("https://dev.twitch.tv/docs/authentication/"),
    Detector::named(
        "twitter-token",
        &["TWITTER", "twitter"],
        &["accesstoken", "accesssecret", "accesstokensecret", "apisecret", "bearertoken"],
        Class::ALNUM.and(Class::of(b"%-")),
        45,
        120,
    )
    .see("https://docs.x.com/resources/fundamentals/authentication/overview"),
    Detector::named("linkedin-secret", &["LINKEDIN", "linkedin"], &["clientsecret", "secret"], Class::ALNUM, 16, 32)
        .see("https://learn.microsoft.com/linkedin/shared/authentication/client-credentials-flow"),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    ("plaid-token", &["«access-sandbox·-6a174c20-f6de-a53c-74d2-6018fcceff64»"], &["access-production-logs"]),
    ("shippo-token", &["«shippo_live·_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b»"], &["shippo_live_x"]),
    ("easypost-key", &["«EZA·KExample0Example1Example2Example3Example4Example5Examp7»"], &["EZAK"]),
    ("duffel-token", &["«duffel_live·_Example0Example1Example2Example3Example4Ex7»"], &["duffel_test_x"]),
    ("flutterwave-key", &["«FLWSECK_TEST·-9f86d081884c7d659a2feaa0c55ad015-X»"], &["FLWSECK-x"]),
    ("lob-key", &["LOB_API_KEY=«live_9f86d081884c7d659a2feaa0c55ad015a3b»"], &["lob_storage_class = \"x\""]),
    (
        "gocardless-token",
        &["GOCARDLESS_TOKEN=«live_Example0Example1Example2Example3Example7»"],
        &["gocardless_env = \"x\""],
    ),
    (
        "coinbase-token",
        &["COINBASE_TOKEN=«Example0Example1Example2Example3Example4Example5Example6Example7»"],
        &["coinbase_api = \"x\""],
    ),
    (
        "facebook-token",
        &[
            "«EAA·MExample0Example1Example2Example3Example4Example5Example6Example7Example8Example9Example0Example1Exa7»",
        ],
        &["EAAB"],
    ),
    (
        "dropbox-token",
        &[
            "DROPBOX_TOKEN=«sl.Example0Example1Example2Example3Example4Example5Example6Example7Example8Example9Example0Example1Example2Example3Example4Example5Exampl7»",
        ],
        &["dropbox_folder = \"x\""],
    ),
    ("twitch-secret", &["TWITCH_TOKEN=«example0example1example2examp7»"], &["twitch_channel = \"x\""]),
    (
        "twitter-token",
        &["TWITTER_ACCESS_TOKEN=«Example0Example1Example2Example3Example4Example5E7»"],
        &["twitter_account = \"x\""],
    ),
    ("linkedin-secret", &["LINKEDIN_CLIENT_SECRET=«Example0Example1Example2Example7»"], &["linkedin_id = \"x\""]),
];
