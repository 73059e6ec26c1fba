//! Hosting and networks: Cloudflare, DigitalOcean, Linode, Hetzner, Heroku, Fastly and others.

use super::detector::Detector;
use super::shape::Class;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("cloudflare-token", &["cfk_", "cfut_", "cfat_"], Class::ALNUM.and(Class::of(b"_-")), 44, 56)
        .see("https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/"),
    Detector::named(
        "cloudflare-token",
        &["CLOUDFLARE", "cloudflare", "Cloudflare", "CF_API", "cf_api"],
        &["token", "key"],
        Class::BASE64_URL,
        37,
        40,
    )
    .see("https://developers.cloudflare.com/fundamentals/api/get-started/create-token/"),
    Detector::prefixed("cloudflare-token", &["v1.0-"], Class::UUID, 171, 171)
        .see("https://developers.cloudflare.com/ssl/origin-configuration/origin-ca/"),
    Detector::prefixed("digitalocean-token", &["dop_v1_", "doo_v1_", "dor_v1_"], Class::HEX, 64, 64)
        .see("https://docs.digitalocean.com/reference/api/create-personal-access-token/"),
    Detector::named("linode-token", &["LINODE", "linode"], &["token"], Class::HEX, 64, 64)
        .see("https://techdocs.akamai.com/cloud-computing/docs/manage-personal-access-tokens"),
    Detector::named("hetzner-token", &["HCLOUD", "hcloud", "HETZNER", "hetzner"], &["token"], Class::ALNUM, 64, 64)
        .see("https://docs.hetzner.cloud/reference/cloud#authentication"),
    Detector::prefixed("heroku-key", &["HRKU-"], Class::BASE64_URL, 36, 80)
        .see("https://devcenter.heroku.com/articles/oauth#direct-authorization"),
    Detector::named("heroku-key", &["HEROKU", "heroku"], &["apikey", "token"], Class::UUID, 36, 36)
        .see("https://devcenter.heroku.com/articles/authentication"),
    Detector::named("fastly-token", &["FASTLY", "fastly"], &["apikey", "token", "key"], Class::BASE64_URL, 32, 32)
        .see("https://www.fastly.com/documentation/reference/api/auth-tokens/"),
    Detector::named("scaleway-key", &["SCW_SECRET_KEY", "scaleway"], &["secretkey"], Class::UUID, 36, 36)
        .see("https://www.scaleway.com/en/docs/iam/concepts/#api-key"),
    Detector::named("vultr-key", &["VULTR", "vultr"], &["apikey"], Class::UPPER_ALNUM, 36, 36)
        .see("https://www.vultr.com/api/#section/Authentication"),
    Detector::named(
        "ibm-cloud-key",
        &["IBMCLOUD", "ibmcloud", "IC_API_KEY", "ic_api_key", "ibm_cloud", "IBM_CLOUD"],
        &["apikey"],
        Class::BASE64_URL,
        44,
        44,
    )
    .see("https://cloud.ibm.com/docs/account?topic=account-userapikey"),
    Detector::named(
        "alibaba-secret-key",
        &["ALICLOUD", "alicloud", "ALIBABA", "alibaba", "aliyun", "ALIYUN"],
        &["secretkey", "accesskeysecret", "secret"],
        Class::ALNUM,
        30,
        30,
    )
    .see("https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair"),
    Detector::prefixed("yandex-key", &["AQVN"], Class::BASE64_URL, 35, 38)
        .see("https://yandex.cloud/en/docs/iam/concepts/authorization/api-key"),
    Detector::prefixed("fly-token", &["fm1r_", "fm1a_", "fm2_"], Class::BASE64.and(Class::of(b"=")), 100, 2048)
        .see("https://fly.io/docs/security/tokens/"),
    Detector::prefixed("netlify-token", &["nfp_", "nfc_", "nfo_"], Class::ALNUM, 36, 40)
        .see("https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/"),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    (
        "cloudflare-token",
        &[
            "«cfut·_ExampleExample0123456789exampleExample012345abcd»",
            "CLOUDFLARE_API_TOKEN=«Example-Example0123456789example_Exampl1»",
            "cloudflare_api_key = \"«9f86d081884c7d659a2feaa0c55ad015a3bf4»\"",
            "«v1·.0-9f86d081884c7d659a2feaa0-9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad01512345678901234567a»",
        ],
        &[
            "cloudflare_zone_id = \"9f86d081884c7d659a2feaa0c55ad015\"",
            "CLOUDFLARE_API_TOKEN=your-cloudflare-api-token-goes-right-her",
        ],
    ),
    (
        "digitalocean-token",
        &["DIGITALOCEAN_TOKEN=«dop·_v1_9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015»"],
        &["dop_v1_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ),
    (
        "linode-token",
        &["LINODE_TOKEN=«9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015»"],
        &["linode_id = \"9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015\""],
    ),
    (
        "hetzner-token",
        &["hcloud_token = \"«ExampleExample0123456789exampleExampleExampleExample0123456789ex»\""],
        &["hcloud_token = var.hcloud_token"],
    ),
    (
        "heroku-key",
        &[
            "HEROKU_API_KEY=«6a174c20-f6de-a53c-74d2-6018fcceff64»",
            "«HRKU·-AAExample0123456789Example0123456789Example0123456789example»",
        ],
        &["heroku_app_id = \"6a174c20-f6de-a53c-74d2-6018fcceff64\""],
    ),
    (
        "fastly-token",
        &["FASTLY_API_KEY=«ExampleExample0123456789exampleE»"],
        &["FASTLY_API_KEY=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ),
    (
        "scaleway-key",
        &["SCW_SECRET_KEY=«6a174c20-f6de-a53c-74d2-6018fcceff64»"],
        &["scaleway_project_id = \"6a174c20-f6de-a53c-74d2-6018fcceff64\""],
    ),
    ("vultr-key", &["VULTR_API_KEY=«EXAMPLEEXAMPLE0123456789EXAMPLEEXAM1»"], &["vultr_region = \"EWR\""]),
    (
        "ibm-cloud-key",
        &["ibmcloud_api_key = \"«bsCDEJZu-F96NTLyQMm8H6_gjag2_RxDbo939vtY7SCJ»\""],
        &["ibmcloud_api_key = \"<key>\""],
    ),
    (
        "alibaba-secret-key",
        &["ALICLOUD_SECRET_KEY=«ExampleExample0123456789exampl»"],
        &["alicloud_vpc = \"vpc-0123456789\""],
    ),
    ("yandex-key", &["«AQV·Nexample0Example1example2Example3exampl»"], &["AQVN"]),
    (
        "fly-token",
        &[
            "FLY_API_TOKEN=\"FlyV1 «fm2·_lJPECAAAAAAAexampleExample0123456789exampleExample0123456789exampleExample0123456789exampleExample0123456789»\"",
        ],
        &["fm2_"],
    ),
    (
        "netlify-token",
        &["NETLIFY_AUTH_TOKEN=«nfp·_ExampleExample0123456789exampleExamp1»"],
        &["nfp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"],
    ),
];
