# Two clusters, one terraform.tfvars. This file is committed; it holds no secret.
#
# An entry of `proxmox` is what the consumer gets to see, in this order, with your own extra keys; only `api_token`
# gains "=<secret>". What stands in `bootstrap` says how the token comes about, and is never written to the output.
#
# Deploy:  cdktf deploy lab
# Result:  env/lab/terraform.tfvars (mode 0600, git-ignored)
#
# While one cluster fails, that file is gone until the next good deploy. To keep it as it was:
#   output = { own_stack = true }   and   cdktf deploy lab lab-tfvars

proxmox = {
  host3 = {
    name         = "host3"
    cluster_name = "host3"
    endpoint     = "https://host3.example.net:8006"
    insecure     = true                  # its certificate is self-signed; better: bootstrap = { ca_file = "..." }
    username     = "root"                # SSH user
    api_token    = "root@pam!terraform2" # the identity alone: user@realm!tokenid

    # root@pam has every privilege already: no role, no ACL, and so no `bootstrap`.
  }

  nuc = {
    name         = "nuc"
    cluster_name = "nuc"
    endpoint     = "https://nuc.example.net:8006"
    insecure     = false
    username     = "root"
    api_token    = "opentofu@pve!opentofu-token"

    bootstrap = {
      role   = "opentofu-role" # made if it is missing
      preset = "opentofu"      # its privileges, as far as the node knows them; or privileges = ["VM.Audit", ...]

      # Everything below is optional; these are the defaults:
      # acl         = [{ path = "/", propagate = true }]
      # on_existing = "adopt"  # a token that exists already keeps its secret
      # removal     = "revoke" # the token goes when the entry goes
      # generation  = "1"      # a new value makes a new secret
      # ssh         = { host = "nuc.example.net", port = 22, user = "root" } # from endpoint and username

      # Others look after the user and its rights, this entry after the token alone: instead of role and preset,
      # manage_access = false
    }
  }
}
