//! Values are what Terraform makes of them, or open: never wrong, whatever the configuration.

mod differential;
