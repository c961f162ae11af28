package main

import (
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// named gives an unnamed resource its own name and a random suffix, once.
func named(req infer.CheckRequest) (property.Map, error) {
	if name, ok := req.NewInputs.GetOk("name"); ok && !name.IsNull() {
		return req.NewInputs, nil
	}
	if old, ok := req.OldInputs.GetOk("name"); ok {
		return req.NewInputs.Set("name", old), nil
	}
	name, err := resource.NewUniqueHex(req.Name+"-", 7, 0)
	if err != nil {
		return req.NewInputs, err
	}
	return req.NewInputs.Set("name", property.New(name)), nil
}

func valueOr[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}
