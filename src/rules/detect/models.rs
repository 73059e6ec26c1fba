//! Language models and the tools around them: Perplexity, xAI, Replicate, NVIDIA, LangSmith and others.

use super::detector::Detector;
use super::shape::Class;

pub(super) const DETECTORS: &[Detector] = &[
    Detector::prefixed("perplexity-key", &["pplx-"], Class::ALNUM, 48, 48)
        .see("https://docs.perplexity.ai/getting-started/quickstart"),
    Detector::prefixed("xai-key", &["xai-"], Class::ALNUM, 80, 80).see("https://docs.x.ai/docs/overview"),
    Detector::prefixed("replicate-token", &["r8_"], Class::ALNUM, 37, 37)
        .see("https://replicate.com/docs/topics/security/api-tokens"),
    Detector::prefixed("nvidia-key", &["nvapi-"], Class::BASE64_URL, 60, 72)
        .see("https://docs.nvidia.com/nim/large-language-models/latest/getting-started.html"),
    Detector::prefixed("langsmith-key", &["lsv2_pt_", "lsv2_sk_"], Class::HEX.and(Class::of(b"_")), 43, 43)
        .see("https://docs.smith.langchain.com/administration"),
    Detector::named("cohere-key", &["COHERE", "cohere", "CO_API_KEY"], &["token", "apikey"], Class::ALNUM, 40, 40)
        .see("https://docs.cohere.com/v2/reference/about"),
    Detector::named("mistral-key", &["MISTRAL", "mistral"], &["apikey"], Class::ALNUM, 32, 32)
        .see("https://docs.mistral.ai/getting-started/quickstart/"),
    Detector::named("deepseek-key", &["DEEPSEEK", "deepseek"], &["apikey"], Class::HEX.and(Class::of(b"sk-")), 35, 35)
        .see("https://api-docs.deepseek.com/"),
    Detector::named(
        "elevenlabs-key",
        &["ELEVENLABS", "elevenlabs", "XI_API_KEY"],
        &["apikey"],
        Class::HEX.and(Class::of(b"sk_")),
        32,
        51,
    )
    .see("https://elevenlabs.io/docs/api-reference/authentication"),
    Detector::named("weights-and-biases-key", &["WANDB", "wandb"], &["apikey"], Class::HEX, 40, 40)
        .see("https://docs.wandb.ai/quickstart/"),
];

#[cfg(test)]
pub(super) const EXAMPLES: &[super::tests::Example] = &[
    ("perplexity-key", &["«pplx·-Example0Example1Example2Example3Example4Example7»"], &["pplx-7b-online"]),
    (
        "xai-key",
        &["«xai·-Example0Example1Example2Example3Example4Example5Example6Example7Example8Example7»"],
        &["xai-grok"],
    ),
    ("replicate-token", &["«r8·_Example0Example1Example2Example3Exam7»"], &["r8_x"]),
    (
        "nvidia-key",
        &["«nvapi·-Example0Example1Example2Example3Example4Example5Example6Example7Example7»"],
        &["nvapi-x"],
    ),
    ("langsmith-key", &["«lsv2_pt·_9f86d081884c7d659a2feaa0c55ad015_a3bf4f1b2b»"], &["lsv2_pt_x"]),
    ("cohere-key", &["COHERE_TOKEN=«Example0Example1Example2Example3Example7»"], &["cohere_model = \"x\""]),
    ("mistral-key", &["MISTRAL_API_KEY=«Example0Example1Example2Example7»"], &["mistral_model = \"x\""]),
    ("deepseek-key", &["DEEPSEEK_API_KEY=«sk-9f86d081884c7d659a2feaa0c55ad015»"], &["deepseek_model = \"x\""]),
    (
        "elevenlabs-key",
        &["ELEVENLABS_API_KEY=«sk_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c»"],
        &["elevenlabs_voice = \"x\""],
    ),
    (
        "weights-and-biases-key",
        &["WANDB_API_KEY=«9f86d081884c7d659a2feaa0c55ad015a3bf4f1b»"],
        &["wandb_project = \"x\""],
    ),
];
