terraform {
  required_version = "~> 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.80"
    }
  }

  # The rest comes from config/prod.s3.tfbackend and from the workflow.
  backend "s3" {
    key     = "shop/terraform.tfstate"
    encrypt = true
  }
}

provider "aws" {
  region = "eu-west-1"
}

resource "aws_vpc" "shop" {
  cidr_block = "10.20.0.0/16"
}
