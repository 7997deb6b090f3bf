package main

import (
	"context"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// attributes is a plan or a state, whichever is at hand.
type attributes interface {
	GetAttribute(context.Context, path.Path, interface{}) diag.Diagnostics
}

// text reads one string attribute, and says whether it is set.
func text(ctx context.Context, from attributes, name string, problems *diag.Diagnostics) (string, bool) {
	var value types.String
	problems.Append(from.GetAttribute(ctx, path.Root(name), &value)...)
	return value.ValueString(), !value.IsNull() && !value.IsUnknown()
}

func (f fileResource) Create(ctx context.Context, ask resource.CreateRequest, answer *resource.CreateResponse) {
	content, err := f.bytes(ctx, ask.Plan, &answer.Diagnostics)
	if err == nil && !answer.Diagnostics.HasError() {
		err = write(ctx, ask.Plan, content, &answer.Diagnostics)
	}
	if err != nil {
		answer.Diagnostics.AddError("The file could not be created", err.Error())
	}
	if answer.Diagnostics.HasError() {
		return
	}
	answer.State.Raw = ask.Plan.Raw
	answer.Diagnostics.Append(answer.State.SetAttribute(ctx, path.Root("id"), identity(content))...)
	for name, digest := range digests(content) {
		answer.Diagnostics.Append(answer.State.SetAttribute(ctx, path.Root(name), digest)...)
	}
}

// bytes decodes the one content attribute that is set.
func (f fileResource) bytes(ctx context.Context, plan attributes, problems *diag.Diagnostics) ([]byte, error) {
	for _, name := range f.contents {
		value, set := text(ctx, plan, name, problems)
		switch {
		case !set:
			continue
		case name == "content_base64":
			return base64.StdEncoding.DecodeString(value)
		case name == "source":
			return os.ReadFile(value)
		}
		return []byte(value), nil
	}
	return nil, nil
}

// write makes the folders and the file; the umask applies, and a file that is already there keeps its mode.
func write(ctx context.Context, plan attributes, content []byte, problems *diag.Diagnostics) error {
	name, _ := text(ctx, plan, "filename", problems)
	ofFile, _ := text(ctx, plan, "file_permission", problems)
	ofFolder, _ := text(ctx, plan, "directory_permission", problems)
	fileMode, err := parseMode(ofFile)
	if err != nil {
		return err
	}
	folderMode, err := parseMode(ofFolder)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(name), folderMode); err != nil {
		return err
	}
	return os.WriteFile(name, content, fileMode)
}

// Read forgets a file that is gone, or that holds something else: the next plan creates it again.
func (f fileResource) Read(ctx context.Context, ask resource.ReadRequest, answer *resource.ReadResponse) {
	name, _ := text(ctx, ask.State, "filename", &answer.Diagnostics)
	id, _ := text(ctx, ask.State, "id", &answer.Diagnostics)
	content, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && identity(content) != id:
		answer.State.RemoveResource(ctx)
	case err != nil:
		answer.Diagnostics.AddError("The file could not be read", err.Error())
	}
}

// Update is never planned: every argument replaces the file.
func (f fileResource) Update(_ context.Context, ask resource.UpdateRequest, answer *resource.UpdateResponse) {
	answer.State.Raw = ask.Plan.Raw
}

// Delete takes the file away if it can; the folders stay.
func (f fileResource) Delete(ctx context.Context, ask resource.DeleteRequest, answer *resource.DeleteResponse) {
	name, _ := text(ctx, ask.State, "filename", &answer.Diagnostics)
	_ = os.Remove(name)
}
