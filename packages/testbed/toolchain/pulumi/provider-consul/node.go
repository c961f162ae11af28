package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/consul/api"
	"github.com/pulumi/pulumi-go-provider/infer"
)

// Node is a machine in the catalog that runs no agent.
type Node struct{}

// NodeInputs are its arguments. Only the metadata can change in place.
type NodeInputs struct {
	Address    string            `pulumi:"address" provider:"replaceOnChanges"`
	Datacenter *string           `pulumi:"datacenter,optional" provider:"replaceOnChanges"`
	Meta       map[string]string `pulumi:"meta,optional"`
	Name       *string           `pulumi:"name,optional" provider:"replaceOnChanges"`
	Partition  *string           `pulumi:"partition,optional" provider:"replaceOnChanges"`
	Token      *string           `pulumi:"token,optional" provider:"secret"`
}

// NodeOutputs are its inputs, with the name and the datacenter that it got.
type NodeOutputs struct{ NodeInputs }

// Annotate sets the token.
func (n *Node) Annotate(a infer.Annotator) { a.SetToken("index/node", "Node") }

// Check names the node.
func (*Node) Check(ctx context.Context, req infer.CheckRequest) (infer.CheckResponse[NodeInputs], error) {
	inputs, err := named(req)
	if err != nil {
		return infer.CheckResponse[NodeInputs]{}, err
	}
	checked, failures, err := infer.DefaultCheck[NodeInputs](ctx, inputs)
	return infer.CheckResponse[NodeInputs]{Inputs: checked, Failures: failures}, err
}

// Create registers the node.
func (*Node) Create(
	ctx context.Context, req infer.CreateRequest[NodeInputs],
) (infer.CreateResponse[NodeOutputs], error) {
	response := infer.CreateResponse[NodeOutputs]{Output: NodeOutputs{req.Inputs}}
	if req.DryRun {
		return response, nil
	}
	response.ID = fmt.Sprintf("%s-%s", *req.Inputs.Name, req.Inputs.Address)
	return response, response.Output.register(ctx)
}

// Update registers it again, which replaces its metadata.
func (*Node) Update(
	ctx context.Context, req infer.UpdateRequest[NodeInputs, NodeOutputs],
) (infer.UpdateResponse[NodeOutputs], error) {
	response := infer.UpdateResponse[NodeOutputs]{Output: NodeOutputs{req.Inputs}}
	if req.DryRun {
		return response, nil
	}
	return response, response.Output.register(ctx)
}

func (n *NodeOutputs) register(ctx context.Context) error {
	datacenter, err := datacenterOf(ctx, n.Datacenter)
	if err != nil {
		return err
	}
	n.Datacenter = &datacenter
	_, err = client(ctx).Catalog().Register(&api.CatalogRegistration{
		Address:    n.Address,
		Datacenter: datacenter,
		Node:       *n.Name,
		NodeMeta:   n.Meta,
		Partition:  valueOr(n.Partition, ""),
	}, n.writeOptions())
	if err != nil {
		return fmt.Errorf("failed to register Consul catalog node with name '%s' at address '%s' in %s: %w",
			*n.Name, n.Address, datacenter, err)
	}
	return nil
}

// Read finds out whether the node is still there, and what its metadata are now.
func (*Node) Read(
	ctx context.Context, req infer.ReadRequest[NodeInputs, NodeOutputs],
) (infer.ReadResponse[NodeInputs, NodeOutputs], error) {
	state := req.State
	found, _, err := client(ctx).Catalog().Node(valueOr(state.Name, ""), &api.QueryOptions{
		Datacenter: valueOr(state.Datacenter, ""),
		Partition:  valueOr(state.Partition, ""),
		Token:      valueOr(state.Token, ""),
	})
	if err != nil {
		return infer.ReadResponse[NodeInputs, NodeOutputs]{}, err
	}
	if found == nil || found.Node == nil {
		return infer.ReadResponse[NodeInputs, NodeOutputs]{}, nil
	}
	inputs := req.Inputs
	inputs.Address, state.Address = found.Node.Address, found.Node.Address
	inputs.Meta, state.Meta = found.Node.Meta, found.Node.Meta
	return infer.ReadResponse[NodeInputs, NodeOutputs]{ID: req.ID, Inputs: inputs, State: state}, nil
}

// Delete takes the node and all its services out of the catalog.
func (*Node) Delete(ctx context.Context, req infer.DeleteRequest[NodeOutputs]) (infer.DeleteResponse, error) {
	node := req.State
	_, err := client(ctx).Catalog().Deregister(&api.CatalogDeregistration{
		Address:    node.Address,
		Datacenter: valueOr(node.Datacenter, ""),
		Node:       valueOr(node.Name, ""),
		Partition:  valueOr(node.Partition, ""),
	}, node.writeOptions())
	return infer.DeleteResponse{}, err
}

func (n *NodeOutputs) writeOptions() *api.WriteOptions {
	return &api.WriteOptions{
		Datacenter: valueOr(n.Datacenter, ""),
		Partition:  valueOr(n.Partition, ""),
		Token:      valueOr(n.Token, ""),
	}
}
