terraform {
  required_providers {
    aws    = { source = "hashicorp/aws" }
    random = { source = "hashicorp/random" }
  }
}

variable "name" {
  type = string
}

resource "random_password" "admin" {
  length = 32
}

resource "aws_db_instance" "this" {
  identifier     = var.name
  engine         = "postgres"
  instance_class = "db.t4g.micro"
  username       = "admin"
  password       = random_password.admin.result
}
