package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/consul/api"
	"github.com/pulumi/pulumi-go-provider/infer"
)

// Check is a health check of a service. Consul's servers run none of them: an
// agent or consul-esm does.
type Check struct {
	CheckID                        string   `pulumi:"checkId"`
	Name                           string   `pulumi:"name"`
	Interval                       string   `pulumi:"interval"`
	Timeout                        string   `pulumi:"timeout"`
	Notes                          *string  `pulumi:"notes,optional"`
	Status                         *string  `pulumi:"status,optional"`
	TCP                            *string  `pulumi:"tcp,optional"`
	HTTP                           *string  `pulumi:"http,optional"`
	Headers                        []Header `pulumi:"headers,optional"`
	Method                         *string  `pulumi:"method,optional"`
	TLSSkipVerify                  *bool    `pulumi:"tlsSkipVerify,optional"`
	DeregisterCriticalServiceAfter *string  `pulumi:"deregisterCriticalServiceAfter,optional"`
}

// Header is sent with an HTTP check.
type Header struct {
	Name   string   `pulumi:"name"`
	Values []string `pulumi:"values"`
}

// Annotate sets the defaults.
func (c *Check) Annotate(a infer.Annotator) {
	a.SetDefault(&c.Method, "GET")
	a.SetDefault(&c.TLSSkipVerify, false)
	a.SetDefault(&c.DeregisterCriticalServiceAfter, "30s")
}

func (c *Check) health(node, serviceID string) (*api.HealthCheck, error) {
	if valueOr(c.TCP, "") != "" && valueOr(c.HTTP, "") != "" {
		return nil, errors.New("you cannot set both tcp and http in the same check")
	}
	definition := api.HealthCheckDefinition{
		TCP:           valueOr(c.TCP, ""),
		HTTP:          valueOr(c.HTTP, ""),
		Method:        valueOr(c.Method, "GET"),
		TLSSkipVerify: valueOr(c.TLSSkipVerify, false),
		Header:        map[string][]string{},
	}
	for _, header := range c.Headers {
		definition.Header[header.Name] = append(definition.Header[header.Name], header.Values...)
	}
	for _, duration := range []struct {
		name   string
		text   string
		target *time.Duration
	}{
		{"interval", c.Interval, &definition.IntervalDuration},
		{"timeout", c.Timeout, &definition.TimeoutDuration},
		{"deregisterCriticalServiceAfter", valueOr(c.DeregisterCriticalServiceAfter, "30s"),
			&definition.DeregisterCriticalServiceAfterDuration},
	} {
		value, err := time.ParseDuration(duration.text)
		if err != nil {
			return nil, fmt.Errorf("check %s: %s: %w", c.CheckID, duration.name, err)
		}
		*duration.target = value
	}
	return &api.HealthCheck{
		Node:       node,
		CheckID:    c.CheckID,
		Name:       c.Name,
		Notes:      valueOr(c.Notes, ""),
		Status:     valueOr(c.Status, api.HealthCritical),
		ServiceID:  serviceID,
		Definition: definition,
	}, nil
}
