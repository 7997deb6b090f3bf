package main

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// fileResource is a file on the engine's machine, made of one of several kinds of content.
type fileResource struct {
	suffix string
	// contents are the attributes of which exactly one gives the bytes.
	contents []string
	// hidden are those of them that no plan may show.
	hidden []string
	// mode of the file, and of folders made for it, where none is given.
	mode string
	// deprecated are the attributes that warn, with the warning.
	deprecated map[string]string
}

var plainFile = fileResource{
	suffix:     "_file",
	contents:   []string{"content", "sensitive_content", "content_base64", "source"},
	hidden:     []string{"sensitive_content"},
	mode:       "0777",
	deprecated: map[string]string{"sensitive_content": "Use local_sensitive_file instead."},
}

var sensitiveFile = fileResource{
	suffix:   "_sensitive_file",
	contents: []string{"content", "content_base64", "source"},
	hidden:   []string{"content", "content_base64"},
	mode:     "0700",
}

func (f fileResource) Metadata(_ context.Context, ask resource.MetadataRequest, answer *resource.MetadataResponse) {
	answer.TypeName = ask.ProviderTypeName + f.suffix
}

func (f fileResource) Schema(_ context.Context, _ resource.SchemaRequest, answer *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"filename":             schema.StringAttribute{Required: true, PlanModifiers: replaced()},
		"file_permission":      f.permission(),
		"directory_permission": f.permission(),
		"id":                   schema.StringAttribute{Computed: true},
	}
	for name := range digests(nil) {
		attributes[name] = schema.StringAttribute{Computed: true}
	}
	for _, name := range f.contents {
		attributes[name] = f.content(name)
	}
	answer.Schema = schema.Schema{Attributes: attributes}
}

func (f fileResource) content(name string) schema.StringAttribute {
	var others []path.Expression
	for _, other := range f.contents {
		if other != name {
			others = append(others, path.MatchRoot(other))
		}
	}
	return schema.StringAttribute{
		Optional:           true,
		Sensitive:          slices.Contains(f.hidden, name),
		DeprecationMessage: f.deprecated[name],
		PlanModifiers:      replaced(),
		Validators:         []validator.String{stringvalidator.ExactlyOneOf(others...)},
	}
}

func (f fileResource) permission() schema.StringAttribute {
	return schema.StringAttribute{
		Optional:      true,
		Computed:      true,
		Default:       stringdefault.StaticString(f.mode),
		PlanModifiers: replaced(),
		Validators:    []validator.String{octalMode{}},
	}
}

func replaced() []planmodifier.String {
	return []planmodifier.String{stringplanmodifier.RequiresReplace()}
}
