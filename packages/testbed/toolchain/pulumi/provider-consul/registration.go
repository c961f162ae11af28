package main

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/consul/api"
)

// The provider marks what it registers; Consul's UI shows the mark.
const (
	originKey   = "external-source"
	originValue = "terraform"
)

func withoutOrigin(meta map[string]string) map[string]string {
	meta = maps.Clone(meta)
	if meta[originKey] == originValue {
		delete(meta, originKey)
	}
	return meta
}

// register writes the instance to the catalog and fills in what was left open.
func (s *ServiceOutputs) register(ctx context.Context, previous *ServiceOutputs) error {
	datacenter, err := datacenterOf(ctx, s.Datacenter)
	if err != nil {
		return err
	}
	s.Datacenter = &datacenter
	// Consul would make the node; then nobody would take it away again.
	node, _, err := client(ctx).Catalog().Node(s.Node, s.queryOptions())
	if err != nil {
		return fmt.Errorf("cannot retrieve node '%s': %w", s.Node, err)
	}
	if node == nil || node.Node == nil {
		return fmt.Errorf("Node does not exist: '%s'", s.Node)
	}
	if s.ServiceID == nil {
		s.ServiceID = s.Name
	}
	if s.Address == nil {
		s.Address = &node.Node.Address
	}
	registration, err := s.registration()
	if err != nil {
		return err
	}
	if _, err := client(ctx).Catalog().Register(registration, s.writeOptions()); err != nil {
		return fmt.Errorf("failed to register service (dc: '%s'): %w", datacenter, err)
	}
	return s.dropChecks(ctx, previous)
}

func (s *ServiceOutputs) registration() (*api.CatalogRegistration, error) {
	meta := map[string]string{originKey: originValue}
	maps.Copy(meta, s.Meta)
	registration := &api.CatalogRegistration{
		Node:       s.Node,
		Datacenter: *s.Datacenter,
		Partition:  valueOr(s.Partition, ""),
		// The node belongs to someone else.
		SkipNodeUpdate: true,
		Service: &api.AgentService{
			ID:                *s.ServiceID,
			Service:           *s.Name,
			Address:           *s.Address,
			Port:              valueOr(s.Port, 0),
			Tags:              s.Tags,
			Meta:              meta,
			EnableTagOverride: valueOr(s.EnableTagOverride, false),
			Namespace:         valueOr(s.Namespace, ""),
			Partition:         valueOr(s.Partition, ""),
			Weights:           api.AgentWeights{Passing: 1, Warning: 1},
		},
	}
	if passing, ok := s.Weights["passing"]; ok {
		registration.Service.Weights.Passing = passing
	}
	if warning, ok := s.Weights["warning"]; ok {
		registration.Service.Weights.Warning = warning
	}
	for i := range s.Checks {
		check, err := s.Checks[i].health(s.Node, *s.ServiceID)
		if err != nil {
			return nil, err
		}
		registration.Checks = append(registration.Checks, check)
	}
	return registration, nil
}

func (s *ServiceOutputs) dropChecks(ctx context.Context, previous *ServiceOutputs) error {
	if previous == nil {
		return nil
	}
	wanted := map[string]bool{}
	for _, check := range s.Checks {
		wanted[check.CheckID] = true
	}
	for _, check := range previous.Checks {
		if wanted[check.CheckID] {
			continue
		}
		_, err := client(ctx).Catalog().Deregister(&api.CatalogDeregistration{
			Node: s.Node, Datacenter: *s.Datacenter, CheckID: check.CheckID,
			Namespace: valueOr(s.Namespace, ""), Partition: valueOr(s.Partition, ""),
		}, s.writeOptions())
		if err != nil {
			return fmt.Errorf("failed to deregister check '%s': %w", check.CheckID, err)
		}
	}
	return nil
}

// find returns nil if the instance is not in the catalog.
func (s *ServiceOutputs) find(ctx context.Context) (*api.CatalogService, error) {
	instances, _, err := client(ctx).Catalog().Service(valueOr(s.Name, ""), "", s.queryOptions())
	if err != nil {
		return nil, err
	}
	for _, instance := range instances {
		if instance.Node == s.Node && instance.ServiceID == valueOr(s.ServiceID, "") {
			return instance, nil
		}
	}
	return nil, nil
}

func (s *ServiceOutputs) deregister(ctx context.Context) error {
	_, err := client(ctx).Catalog().Deregister(&api.CatalogDeregistration{
		Node:       s.Node,
		Datacenter: valueOr(s.Datacenter, ""),
		ServiceID:  valueOr(s.ServiceID, ""),
		Namespace:  valueOr(s.Namespace, ""),
		Partition:  valueOr(s.Partition, ""),
	}, s.writeOptions())
	if err != nil {
		return fmt.Errorf("failed to deregister service '%s': %w", valueOr(s.ServiceID, ""), err)
	}
	return nil
}

func (s *ServiceOutputs) queryOptions() *api.QueryOptions {
	return &api.QueryOptions{
		Datacenter: valueOr(s.Datacenter, ""),
		Namespace:  valueOr(s.Namespace, ""),
		Partition:  valueOr(s.Partition, ""),
	}
}

func (s *ServiceOutputs) writeOptions() *api.WriteOptions {
	return &api.WriteOptions{
		Datacenter: valueOr(s.Datacenter, ""),
		Namespace:  valueOr(s.Namespace, ""),
		Partition:  valueOr(s.Partition, ""),
	}
}
