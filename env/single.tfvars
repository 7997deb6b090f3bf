# One node, one variable: proxmox_api_token = "root@pam!tofu=<secret>".

proxmox = {
  pve = {
    endpoint  = "https://pve.example.net:8006"
    insecure  = true
    username  = "root"
    api_token = "root@pam!tofu"

    bootstrap = {
      privilege_separation = false # the token may do what its user may do; left out, a token that is there stays as it is
    }
  }
}

output = {
  format = "token"                       # instead of "map"
  file   = "env/single/terraform.tfvars" # the default; "../consumer/terraform.tfvars" works as well
  # variable = "proxmox_api_token"       # the default of this format
}
