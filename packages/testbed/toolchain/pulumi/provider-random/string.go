package main

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// RandomString is a string that is no secret. Its id is the string itself.
type RandomString struct{}

// StringOutputs are its inputs and the string.
type StringOutputs struct {
	CharacterInputs
	Result string `pulumi:"result"`
}

// Annotate sets the token.
func (r *RandomString) Annotate(a infer.Annotator) {
	a.SetToken("index/randomString", "RandomString")
}

// Create makes the string.
func (*RandomString) Create(
	_ context.Context, req infer.CreateRequest[CharacterInputs],
) (infer.CreateResponse[StringOutputs], error) {
	inputs := req.Inputs.withDefaults()
	response := infer.CreateResponse[StringOutputs]{Output: StringOutputs{CharacterInputs: inputs}}
	if req.DryRun {
		return response, nil
	}
	result, err := inputs.generate()
	response.ID, response.Output.Result = result, result
	return response, err
}
