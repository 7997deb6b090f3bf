// Builds the OpenTofu command from its module. What its own go.mod says of the main module alone
// (toolchain, debug settings, the one replacement) has to be said again here.
module cdktf-proxmox-tokens/engines/opentofu

go 1.26.6

godebug (
	tlsmlkem=0
	winsymlink=0
)

require github.com/opentofu/opentofu v1.12.6

replace github.com/hashicorp/hcl/v2 v2.20.1 => github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828
