package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// nullDataSource hands its inputs on as its outputs.
type nullDataSource struct{}

type nullData struct {
	ID      types.String `tfsdk:"id"`
	Inputs  types.Map    `tfsdk:"inputs"`
	Outputs types.Map    `tfsdk:"outputs"`
	Random  types.String `tfsdk:"random"`
	Default types.String `tfsdk:"has_computed_default"`
}

func (nullDataSource) Metadata(_ context.Context, ask datasource.MetadataRequest, answer *datasource.MetadataResponse) {
	answer.TypeName = ask.ProviderTypeName + "_data_source"
}

func (nullDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, answer *datasource.SchemaResponse) {
	answer.Schema = schema.Schema{
		DeprecationMessage: "Local values do the same.",
		Attributes: map[string]schema.Attribute{
			"id":                   schema.StringAttribute{Computed: true},
			"inputs":               schema.MapAttribute{ElementType: types.StringType, Optional: true},
			"outputs":              schema.MapAttribute{ElementType: types.StringType, Computed: true},
			"random":               schema.StringAttribute{Computed: true},
			"has_computed_default": schema.StringAttribute{Optional: true, Computed: true},
		},
	}
}

func (nullDataSource) Read(ctx context.Context, ask datasource.ReadRequest, answer *datasource.ReadResponse) {
	var data nullData
	answer.Diagnostics.Append(ask.Config.Get(ctx, &data)...)
	data.ID = types.StringValue("static")
	data.Outputs = data.Inputs
	data.Random = types.StringValue(randomNumber())
	if data.Default.IsNull() {
		data.Default = types.StringValue("default")
	}
	answer.Diagnostics.Append(answer.State.Set(ctx, &data)...)
}
