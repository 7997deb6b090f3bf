// Package standin serves a handful of resources under the name of a published provider.
package standin

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Provider is what one program answers with. It has no settings of its own.
type Provider struct {
	// Name is the prefix of every type, as in null_resource.
	Name string
	// Version is the published release that this program behaves like.
	Version       string
	ResourceKinds []func() resource.Resource
	DataKinds     []func() datasource.DataSource
}

var _ provider.Provider = Provider{}

// Serve talks to the engine that started this program, until the engine hangs up.
func (p Provider) Serve() {
	options := providerserver.ServeOpts{
		Address:         "registry.terraform.io/hashicorp/" + p.Name,
		ProtocolVersion: 5,
	}
	self := func() provider.Provider { return p }
	if err := providerserver.Serve(context.Background(), self, options); err != nil {
		log.Fatal(err)
	}
}

// Metadata tells the engine the prefix and the release.
func (p Provider) Metadata(_ context.Context, _ provider.MetadataRequest, answer *provider.MetadataResponse) {
	answer.TypeName, answer.Version = p.Name, p.Version
}

// Schema is empty: nothing can be configured.
func (p Provider) Schema(_ context.Context, _ provider.SchemaRequest, answer *provider.SchemaResponse) {
	answer.Schema = schema.Schema{}
}

// Configure has nothing to do.
func (p Provider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

// Resources lists what can be managed.
func (p Provider) Resources(context.Context) []func() resource.Resource { return p.ResourceKinds }

// DataSources lists what can be read.
func (p Provider) DataSources(context.Context) []func() datasource.DataSource { return p.DataKinds }
