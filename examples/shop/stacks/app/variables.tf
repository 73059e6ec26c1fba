variable "deployer_access_key" {
  type = string
}

variable "deployer_secret_key" {
  type      = string
  sensitive = true
}
