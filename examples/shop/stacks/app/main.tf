terraform {
  required_version = "~> 1.11"

  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.6"
    }
  }

  backend "s3" {
    bucket     = "shop-terraform-state"
    key        = "shop/terraform.tfstate"
    region     = "eu-west-1"
    kms_key_id = "arn:aws:kms:eu-west-1:111122223333:alias/terraform"
  }
}

module "database" {
  source = "../../modules/database"
  name   = "orders"
}
