package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

// replaceOnTrigger asks for a replacement when triggers change, unless only null values were added.
type replaceOnTrigger struct{}

func (replaceOnTrigger) Description(context.Context) string {
	return "A changed trigger replaces the resource."
}

func (m replaceOnTrigger) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (replaceOnTrigger) PlanModifyMap(_ context.Context, ask planmodifier.MapRequest, answer *planmodifier.MapResponse) {
	creating, destroying := ask.State.Raw.IsNull(), ask.Plan.Raw.IsNull()
	if creating || destroying {
		return
	}
	answer.RequiresReplace = triggered(ask.StateValue.Elements(), ask.ConfigValue.Elements())
}

// triggered compares the triggers of the last apply with those of the configuration.
func triggered(before, after map[string]attr.Value) bool {
	for key := range before {
		if _, kept := after[key]; !kept {
			return true
		}
	}
	for key, value := range after {
		old, known := before[key]
		if known && !value.Equal(old) || !known && !value.IsNull() {
			return true
		}
	}
	return false
}
