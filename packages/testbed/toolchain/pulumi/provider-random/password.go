package main

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
	"golang.org/x/crypto/bcrypt"
)

// RandomPassword is a secret string.
type RandomPassword struct{}

// PasswordOutputs are its inputs, the password and its bcrypt hash.
type PasswordOutputs struct {
	CharacterInputs
	Result     string `pulumi:"result" provider:"secret"`
	BcryptHash string `pulumi:"bcryptHash" provider:"secret"`
}

// Annotate sets the token.
func (r *RandomPassword) Annotate(a infer.Annotator) {
	a.SetToken("index/randomPassword", "RandomPassword")
}

// Create makes the password.
func (*RandomPassword) Create(
	_ context.Context, req infer.CreateRequest[CharacterInputs],
) (infer.CreateResponse[PasswordOutputs], error) {
	inputs := req.Inputs.withDefaults()
	response := infer.CreateResponse[PasswordOutputs]{Output: PasswordOutputs{CharacterInputs: inputs}}
	if req.DryRun {
		return response, nil
	}
	result, err := inputs.generate()
	if err != nil {
		return response, err
	}
	// bcrypt knows no more than 72 bytes.
	hash, err := bcrypt.GenerateFromPassword([]byte(result)[:min(len(result), 72)], bcrypt.DefaultCost)
	// The id is public, so it says nothing.
	response.ID, response.Output.Result, response.Output.BcryptHash = "none", result, string(hash)
	return response, err
}
