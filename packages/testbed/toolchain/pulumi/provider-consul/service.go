package main

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// Service is an instance of a service on a node of the catalog.
type Service struct{}

// ServiceInputs are its arguments. What identifies the instance replaces it, the
// rest is updated in place.
type ServiceInputs struct {
	Address           *string           `pulumi:"address,optional"`
	Checks            []Check           `pulumi:"checks,optional"`
	Datacenter        *string           `pulumi:"datacenter,optional" provider:"replaceOnChanges"`
	EnableTagOverride *bool             `pulumi:"enableTagOverride,optional"`
	External          *bool             `pulumi:"external,optional"`
	Meta              map[string]string `pulumi:"meta,optional"`
	Name              *string           `pulumi:"name,optional" provider:"replaceOnChanges"`
	Namespace         *string           `pulumi:"namespace,optional" provider:"replaceOnChanges"`
	Node              string            `pulumi:"node" provider:"replaceOnChanges"`
	Partition         *string           `pulumi:"partition,optional" provider:"replaceOnChanges"`
	Port              *int              `pulumi:"port,optional"`
	ServiceID         *string           `pulumi:"serviceId,optional" provider:"replaceOnChanges"`
	Tags              []string          `pulumi:"tags,optional"`
	Weights           map[string]int    `pulumi:"weights,optional"`
}

// ServiceOutputs are its inputs, with the id, the address and the datacenter that
// it got.
type ServiceOutputs struct{ ServiceInputs }

// Annotate sets the token.
func (s *Service) Annotate(a infer.Annotator) { a.SetToken("index/service", "Service") }

// Annotate sets the defaults.
func (s *ServiceInputs) Annotate(a infer.Annotator) { a.SetDefault(&s.EnableTagOverride, false) }

// Check names the service.
func (*Service) Check(ctx context.Context, req infer.CheckRequest) (infer.CheckResponse[ServiceInputs], error) {
	inputs, err := named(req)
	if err != nil {
		return infer.CheckResponse[ServiceInputs]{}, err
	}
	checked, failures, err := infer.DefaultCheck[ServiceInputs](ctx, inputs)
	return infer.CheckResponse[ServiceInputs]{Inputs: checked, Failures: failures}, err
}

// Create registers the instance on a node that must be there.
func (*Service) Create(
	ctx context.Context, req infer.CreateRequest[ServiceInputs],
) (infer.CreateResponse[ServiceOutputs], error) {
	response := infer.CreateResponse[ServiceOutputs]{Output: ServiceOutputs{req.Inputs}}
	if req.DryRun {
		return response, nil
	}
	err := response.Output.register(ctx, nil)
	response.ID = valueOr(response.Output.ServiceID, "")
	return response, err
}

// Update registers the instance again, and takes away checks that are no longer
// wanted.
func (*Service) Update(
	ctx context.Context, req infer.UpdateRequest[ServiceInputs, ServiceOutputs],
) (infer.UpdateResponse[ServiceOutputs], error) {
	response := infer.UpdateResponse[ServiceOutputs]{Output: ServiceOutputs{req.Inputs}}
	if req.DryRun {
		return response, nil
	}
	return response, response.Output.register(ctx, &req.State)
}

// Read finds out whether the instance is still there, and what it is like now.
func (*Service) Read(
	ctx context.Context, req infer.ReadRequest[ServiceInputs, ServiceOutputs],
) (infer.ReadResponse[ServiceInputs, ServiceOutputs], error) {
	state := req.State
	live, err := state.find(ctx)
	if err != nil || live == nil {
		return infer.ReadResponse[ServiceInputs, ServiceOutputs]{}, err
	}
	inputs := req.Inputs
	state.Address, state.Port = &live.ServiceAddress, &live.ServicePort
	state.Tags, state.Meta = live.ServiceTags, withoutOrigin(live.ServiceMeta)
	// What the program leaves open stays open.
	if inputs.Address != nil {
		inputs.Address = state.Address
	}
	if inputs.Port != nil || live.ServicePort != 0 {
		inputs.Port = state.Port
	}
	if len(inputs.Tags)+len(state.Tags) > 0 {
		inputs.Tags = state.Tags
	}
	if len(inputs.Meta)+len(state.Meta) > 0 {
		inputs.Meta = state.Meta
	}
	return infer.ReadResponse[ServiceInputs, ServiceOutputs]{ID: req.ID, Inputs: inputs, State: state}, nil
}

// Delete takes the instance and its checks out of the catalog.
func (*Service) Delete(ctx context.Context, req infer.DeleteRequest[ServiceOutputs]) (infer.DeleteResponse, error) {
	return infer.DeleteResponse{}, req.State.deregister(ctx)
}
