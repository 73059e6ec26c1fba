//! Clouds and networks beside the large ones: OpenShift, Rancher, Scalingo, OVH, Exoscale, Tencent, ngrok and others.

use super::detector::Detector;
use super::shape::Class;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("openshift-token", &["sha256~"], Class::BASE64_URL, 43, 43)
        .see("https://docs.redhat.com/en/documentation/openshift_container_platform"),
    Detector::prefixed("rancher-token", &["token-"], Class::LOWER_ALNUM.and(Class::of(b":")), 60, 60)
        .see("https://ranchermanager.docs.rancher.com/reference-guides/user-settings/api-keys"),
    Detector::prefixed("scalingo-token", &["tk-us-"], Class::BASE64_URL, 48, 48)
        .see("https://developers.scalingo.com/index#authentication"),
    Detector::prefixed("defined-networking-key", &["dnkey-"], Class::LOWER_ALNUM.and(Class::of(b"=_-")), 79, 79)
        .see("https://docs.defined.net/guides/automating-host-creation/"),
    Detector::prefixed("upcloud-token", &["ucat_"], Class::ALNUM, 26, 26)
        .see("https://developers.upcloud.com/1.3/18-permissions/"),
    Detector::named("exoscale-secret-key", &["EXOSCALE", "exoscale"], &["secret"], Class::BASE64_URL, 43, 43)
        .see("https://community.exoscale.com/product/iam/how-to/api-keys/"),
    Detector::named("ovh-secret", &["OVH", "ovh"], &["applicationsecret", "consumerkey"], Class::ALNUM, 32, 32)
        .see("https://docs.ovh.com/gb/en/api/first-steps-with-ovh-api/"),
    Detector::named(
        "tencent-secret-key",
        &["TENCENTCLOUD", "tencentcloud", "TENCENT", "tencent"],
        &["secretkey"],
        Class::ALNUM,
        32,
        32,
    )
    .see("https://www.tencentcloud.com/document/product/598/32675"),
    Detector::named(
        "huawei-secret-key",
        &["HUAWEICLOUD", "huaweicloud", "HUAWEI", "huawei", "HW_SECRET_KEY"],
        &["secretkey"],
        Class::ALNUM,
        40,
        40,
    )
    .see("https://support.huaweicloud.com/intl/en-us/usermanual-ca/ca_01_0003.html"),
    Detector::named("ngrok-token", &["NGROK", "ngrok"], &["authtoken", "apikey"], Class::BASE64_URL, 40, 52)
        .see("https://ngrok.com/docs/agent/#authtokens"),
    Detector::named("civo-key", &["CIVO", "civo"], &["apikey", "token"], Class::ALNUM, 50, 50)
        .see("https://www.civo.com/docs/account/api-keys"),
    Detector::prefixed("jumpcloud-key", &["jca_"], Class::ALNUM, 36, 36)
        .see("https://jumpcloud.com/support/jumpcloud-apis1"),
    Detector::named("meraki-key", &["MERAKI", "meraki"], &["apikey", "token", "key"], Class::HEX, 40, 40)
        .see("https://developer.cisco.com/meraki/api-v1/authorization/"),
    Detector::named("bunny-key", &["BUNNY", "bunny"], &["apikey", "accesskey"], Class::UUID, 36, 72)
        .see("https://docs.bunny.net/reference/bunnynet-api-overview"),
    Detector::named("gandi-token", &["GANDI", "gandi"], &["token", "apikey", "key"], Class::ALNUM, 24, 40)
        .see("https://api.gandi.net/docs/authentication/"),
    Detector::named("namecheap-key", &["NAMECHEAP", "namecheap"], &["apikey"], Class::HEX, 32, 32)
        .see("https://www.namecheap.com/support/api/intro/"),
    Detector::named("stackit-token", &["STACKIT", "stackit"], &["token", "key"], Class::BEARER, 40, 2048)
        .see("https://docs.stackit.cloud/products/identity-and-access/service-accounts/"),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    ("openshift-token", &["«sha256·~Example0Example1Example2Example3Example4Ex7»"], &["sha256~x"]),
    ("rancher-token", &["«token·-abc12:example0example1example2example3example4example5examp7»"], &["token-abc12"]),
    ("scalingo-token", &["«tk-us·-Example0Example1Example2Example3Example4Example7»"], &["tk-us-x"]),
    (
        "defined-networking-key",
        &["«dnkey·-example0example1example2e7-example0example1example2example3example4example5exa7»"],
        &["dnkey-x"],
    ),
    ("upcloud-token", &["«ucat·_Example0Example1Example2E7»"], &["ucat_x"]),
    (
        "exoscale-secret-key",
        &["EXOSCALE_SECRET=«Example0Example1Example2Example3Example4Ex7»"],
        &["exoscale_zone = \"x\""],
    ),
    ("ovh-secret", &["OVH_APPLICATION_SECRET=«Example0Example1Example2Example7»"], &["ovh_endpoint = \"eu\""]),
    (
        "tencent-secret-key",
        &["TENCENTCLOUD_SECRET_KEY=«Example0Example1Example2Example7»"],
        &["tencent_secret_id = \"x\""],
    ),
    (
        "huawei-secret-key",
        &["HUAWEICLOUD_SECRET_KEY=«Example0Example1Example2Example3Example7»"],
        &["HW_SECRET_KEY=$SECRET"],
    ),
    (
        "ngrok-token",
        &["NGROK_AUTH_TOKEN=«Example0Example1Example2Example3Example4Example5Exa7»"],
        &["ngrok_domain = \"x\""],
    ),
    ("civo-key", &["CIVO_API_KEY=«Example0Example1Example2Example3Example4Example5E7»"], &["civo_region = \"x\""]),
    ("jumpcloud-key", &["«jca·_Example0Example1Example2Example3Exa7»"], &["jca_"]),
    ("meraki-key", &["MERAKI_API_KEY=«9f86d081884c7d659a2feaa0c55ad015a3bf4f1b»"], &["meraki_network = \"x\""]),
    ("bunny-key", &["BUNNY_API_KEY=«6a174c20-f6de-a53c-74d2-6018fcceff64»"], &["bunny_zone = \"x\""]),
    ("gandi-token", &["GANDI_TOKEN=«Example0Example1Example2Example3Example7»"], &["gandi_domain = \"x\""]),
    ("namecheap-key", &["NAMECHEAP_API_KEY=«9f86d081884c7d659a2feaa0c55ad015»"], &["namecheap_user = \"x\""]),
    ("stackit-token", &["STACKIT_TOKEN=«Example0Example1Example2Example3Example7»"], &["stackit_region = \"x\""]),
];
