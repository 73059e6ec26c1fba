//! How AWS is reached: within the same limits as every other issuer.

use crate::verify::http::{AGENT, CONNECT, TOTAL};
use aws_sdk_sts::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_sts::config::retry::RetryConfig;
use aws_sdk_sts::config::timeout::TimeoutConfig;
use aws_sdk_sts::config::{AppName, ConfigBag, Intercept, RuntimeComponents, SharedHttpClient};
use aws_sdk_sts::error::{BoxError, ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};

/// A client of HTTP that honours the environment's proxies, except to this machine itself.
pub(in crate::verify) fn http_client(loopback: bool) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut builder = Connector::builder();
        builder.set_connector_settings(settings.cloned());
        builder.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        let proxy = if loopback { ProxyConfig::disabled() } else { ProxyConfig::from_env() };
        builder.proxy_config(proxy).tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build()
    })
}

/// Once more where it is busy or the line broke, within the time for one question.
pub(in crate::verify) fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(2)
}

/// The time for one question and its answer.
pub(in crate::verify) fn time_outs() -> TimeoutConfig {
    TimeoutConfig::builder().connect_timeout(CONNECT).operation_timeout(TOTAL).build()
}

/// The program's name among what the client tells of itself (`app/credlint-0.1.0`).
pub(in crate::verify) fn app_name() -> AppName {
    AppName::new(concat!("credlint-", env!("CARGO_PKG_VERSION"))).expect("letters, digits, dots and hyphens")
}

/// Gives requests the program's own name, in the header that every server's log has.
#[derive(Debug)]
pub(in crate::verify) struct Named;

impl Intercept for Named {
    fn name(&self) -> &'static str {
        "named"
    }

    // After the signature, which does not cover this header.
    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        context.request_mut().headers_mut().insert("user-agent", AGENT);
        Ok(())
    }
}

/// Why AWS did not do what it was asked. The texts are the program's own: of AWS's words only names of errors are said.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(in crate::verify) enum AwsFault {
    /// It says why, in its own word.
    #[error("AWS answers {}", shown(code))]
    Refused {
        /// The name of the error.
        code: String,
        /// Its words, of which only known parts are looked at.
        message: String,
    },
    /// It says no without a word that could be read.
    #[error("status {0} is no verdict")]
    Wordless(u16),
    /// Time is over.
    #[error("it did not answer in time")]
    TimedOut,
    /// No connection, or a broken one.
    #[error("it cannot be reached")]
    Unreachable,
    /// What came cannot be read.
    #[error("its answer cannot be read")]
    Unreadable,
}

impl AwsFault {
    /// The name of the error, if AWS told one.
    pub(in crate::verify) fn code(&self) -> &str {
        if let Self::Refused { code, .. } = self { code } else { "" }
    }
}

/// An error's name as it may be shown: names have no spaces and are short.
fn shown(code: &str) -> &str {
    let plain =
        code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_'));
    if plain { code } else { "an error" }
}

/// What went wrong. A busy or broken service is never taken at its word.
pub(in crate::verify) fn fault<E: ProvideErrorMetadata>(
    error: &SdkError<E, aws_sdk_sts::config::http::HttpResponse>,
) -> AwsFault {
    match error {
        SdkError::TimeoutError(_) => AwsFault::TimedOut,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => AwsFault::TimedOut,
        SdkError::DispatchFailure(_) | SdkError::ConstructionFailure(_) => AwsFault::Unreachable,
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            match service.err().code() {
                Some(code) if status < 500 && status != 429 => AwsFault::Refused {
                    code: code.to_owned(),
                    message: service.err().message().unwrap_or_default().to_owned(),
                },
                _ => AwsFault::Wordless(status),
            }
        }
        _ => AwsFault::Unreadable,
    }
}
