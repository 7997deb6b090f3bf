package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// octalMode accepts three or four octal digits that stay within 0777.
type octalMode struct{}

func (octalMode) Description(context.Context) string {
	return "three or four octal digits, at most 0777"
}

func (m octalMode) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (m octalMode) ValidateString(ctx context.Context, ask validator.StringRequest, answer *validator.StringResponse) {
	if ask.ConfigValue.IsNull() || ask.ConfigValue.IsUnknown() {
		return
	}
	if _, err := parseMode(ask.ConfigValue.ValueString()); err != nil {
		answer.Diagnostics.AddAttributeError(ask.Path, "Invalid File Permission String Value", err.Error())
	}
}

func parseMode(text string) (os.FileMode, error) {
	mode, err := strconv.ParseUint(text, 8, 32)
	if err != nil || len(text) < 3 || len(text) > 4 || mode > 0o777 {
		return 0, fmt.Errorf("bad mode permission: want %s, got: %s", octalMode{}.Description(context.Background()), text)
	}
	return os.FileMode(mode), nil
}
