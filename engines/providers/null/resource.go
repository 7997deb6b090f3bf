package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// nullResource is a thing that exists in the state alone; its worth is in its provisioners.
type nullResource struct{}

func (nullResource) Metadata(_ context.Context, ask resource.MetadataRequest, answer *resource.MetadataResponse) {
	answer.TypeName = ask.ProviderTypeName + "_resource"
}

func (nullResource) Schema(_ context.Context, _ resource.SchemaRequest, answer *resource.SchemaResponse) {
	answer.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id": schema.StringAttribute{
			Computed:      true,
			PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
		},
		"triggers": schema.MapAttribute{
			ElementType:   types.StringType,
			Optional:      true,
			PlanModifiers: []planmodifier.Map{replaceOnTrigger{}},
		},
	}}
}

func (nullResource) Create(ctx context.Context, ask resource.CreateRequest, answer *resource.CreateResponse) {
	answer.State.Raw = ask.Plan.Raw
	answer.Diagnostics.Append(answer.State.SetAttribute(ctx, path.Root("id"), randomNumber())...)
}

// Read keeps what the state has: there is nothing outside it to look at.
func (nullResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update is reached when triggers change without a replacement: keys that come or go with null values.
func (nullResource) Update(_ context.Context, ask resource.UpdateRequest, answer *resource.UpdateResponse) {
	answer.State.Raw = ask.Plan.Raw
}

// Delete leaves it to the framework to drop the resource from the state.
func (nullResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
