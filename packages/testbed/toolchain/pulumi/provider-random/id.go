package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// RandomID is random bytes in several notations.
type RandomID struct{}

// IDInputs are its arguments.
type IDInputs struct {
	ByteLength int               `pulumi:"byteLength"`
	Keepers    map[string]string `pulumi:"keepers,optional"`
	Prefix     *string           `pulumi:"prefix,optional"`
}

// IDOutputs are its inputs and the notations, each but the id with the prefix.
type IDOutputs struct {
	IDInputs
	B64Std string `pulumi:"b64Std"`
	B64URL string `pulumi:"b64Url"`
	Dec    string `pulumi:"dec"`
	Hex    string `pulumi:"hex"`
}

// Annotate sets the token.
func (r *RandomID) Annotate(a infer.Annotator) {
	a.SetToken("index/randomId", "RandomId")
}

// Create makes the bytes.
func (*RandomID) Create(
	_ context.Context, req infer.CreateRequest[IDInputs],
) (infer.CreateResponse[IDOutputs], error) {
	response := infer.CreateResponse[IDOutputs]{Output: IDOutputs{IDInputs: req.Inputs}}
	if req.DryRun {
		return response, nil
	}
	if req.Inputs.ByteLength < 1 {
		return response, fmt.Errorf("byteLength must be at least 1, got %d", req.Inputs.ByteLength)
	}
	data := make([]byte, req.Inputs.ByteLength)
	if _, err := rand.Read(data); err != nil {
		return response, err
	}
	prefix := valueOr(req.Inputs.Prefix, "")
	response.ID = base64.RawURLEncoding.EncodeToString(data)
	response.Output.B64URL = prefix + response.ID
	response.Output.B64Std = prefix + base64.StdEncoding.EncodeToString(data)
	response.Output.Hex = prefix + hex.EncodeToString(data)
	response.Output.Dec = prefix + new(big.Int).SetBytes(data).String()
	return response, nil
}

func valueOr[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}
