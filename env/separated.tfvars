# A token with privilege separation: it may do what its own ACL entries allow, and no more than its user may. The user,
# the role, and the ACL entries of both are made.

# Defaults for every entry; an entry's own keys win.
bootstrap = {
  privilege_separation = true
  role                 = "tofu-role"
  preset               = "tofu-minimal" # 14 privileges; SDN.Use among them from PVE 8 on
}

proxmox = {
  pve = {
    name         = "pve"
    cluster_name = "pve"
    endpoint     = "https://pve.example.net:8006"
    insecure     = true
    username     = "root"
    api_token    = "tofu@pve!tofu-token"
  }
}
