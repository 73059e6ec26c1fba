locals {
  deployer = {
    id     = var.deployer_access_key
    secret = var.deployer_secret_key
  }
}

provider "aws" {
  region     = "eu-west-1"
  access_key = local.deployer.id
  secret_key = local.deployer.secret
}
