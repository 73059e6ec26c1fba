deployer_access_key = "AKIAIOSFODNN7EXAMPLE"
deployer_secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
