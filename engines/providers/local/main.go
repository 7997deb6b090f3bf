// A stand-in of hashicorp/local 2.6.1, for machines that cannot reach a provider registry.
// It knows the two file resources and nothing else.
package main

import (
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"cdktf-proxmox-tokens/engines/providers/standin"
)

func main() {
	standin.Provider{
		Name:    "local",
		Version: "2.6.1",
		ResourceKinds: []func() resource.Resource{
			func() resource.Resource { return plainFile },
			func() resource.Resource { return sensitiveFile },
		},
	}.Serve()
}
