// A stand-in of hashicorp/null 3.2.4, for machines that cannot reach a provider registry.
package main

import (
	"math/rand/v2"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"cdktf-proxmox-tokens/engines/providers/standin"
)

func main() {
	standin.Provider{
		Name:          "null",
		Version:       "3.2.4",
		ResourceKinds: []func() resource.Resource{func() resource.Resource { return nullResource{} }},
		DataKinds:     []func() datasource.DataSource{func() datasource.DataSource { return nullDataSource{} }},
	}.Serve()
}

// randomNumber is what null_resource has for an id: a whole number in decimal.
func randomNumber() string { return strconv.Itoa(rand.Int()) }
