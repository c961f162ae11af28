package main

import (
	"context"
	"strings"

	petname "github.com/dustinkirkland/golang-petname"
	"github.com/pulumi/pulumi-go-provider/infer"
)

// RandomPet is a name that people can remember. Its id is the name.
type RandomPet struct{}

// PetInputs are its arguments.
type PetInputs struct {
	Keepers   map[string]string `pulumi:"keepers,optional"`
	Length    *int              `pulumi:"length,optional"`
	Prefix    *string           `pulumi:"prefix,optional"`
	Separator *string           `pulumi:"separator,optional"`
}

// PetOutputs are its inputs with their defaults.
type PetOutputs struct{ PetInputs }

// Annotate sets the token.
func (r *RandomPet) Annotate(a infer.Annotator) {
	a.SetToken("index/randomPet", "RandomPet")
}

// Create makes the name.
func (*RandomPet) Create(
	_ context.Context, req infer.CreateRequest[PetInputs],
) (infer.CreateResponse[PetOutputs], error) {
	inputs := req.Inputs
	length, separator := valueOr(inputs.Length, 2), valueOr(inputs.Separator, "-")
	inputs.Length, inputs.Separator = &length, &separator
	response := infer.CreateResponse[PetOutputs]{Output: PetOutputs{inputs}}
	if req.DryRun {
		return response, nil
	}
	response.ID = strings.ToLower(petname.Generate(length, separator))
	if prefix := valueOr(inputs.Prefix, ""); prefix != "" {
		response.ID = prefix + separator + response.ID
	}
	return response, nil
}
