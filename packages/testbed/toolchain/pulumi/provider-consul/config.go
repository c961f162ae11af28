package main

import (
	"context"
	"strings"

	"github.com/hashicorp/consul/api"
	"github.com/pulumi/pulumi-go-provider/infer"
)

// Config is the provider's configuration. What it leaves open comes from Consul's
// own environment variables (CONSUL_HTTP_ADDR, CONSUL_HTTP_TOKEN and so on).
type Config struct {
	Address       string `pulumi:"address,optional"`
	Scheme        string `pulumi:"scheme,optional"`
	Datacenter    string `pulumi:"datacenter,optional"`
	Namespace     string `pulumi:"namespace,optional"`
	Token         string `pulumi:"token,optional" provider:"secret"`
	HTTPAuth      string `pulumi:"httpAuth,optional"`
	CAFile        string `pulumi:"caFile,optional"`
	CAPath        string `pulumi:"caPath,optional"`
	CAPem         string `pulumi:"caPem,optional"`
	CertFile      string `pulumi:"certFile,optional"`
	CertPem       string `pulumi:"certPem,optional"`
	KeyFile       string `pulumi:"keyFile,optional"`
	KeyPem        string `pulumi:"keyPem,optional"`
	InsecureHTTPS bool   `pulumi:"insecureHttps,optional"`

	client *api.Client
}

// Configure makes the client, and asks nothing of the server yet.
func (c *Config) Configure(context.Context) error {
	config := api.DefaultConfig()
	for target, value := range map[*string]string{
		&config.Address:            c.Address,
		&config.Scheme:             c.Scheme,
		&config.Datacenter:         c.Datacenter,
		&config.Namespace:          c.Namespace,
		&config.Token:              c.Token,
		&config.TLSConfig.CAFile:   c.CAFile,
		&config.TLSConfig.CAPath:   c.CAPath,
		&config.TLSConfig.CertFile: c.CertFile,
		&config.TLSConfig.KeyFile:  c.KeyFile,
	} {
		if value != "" {
			*target = value
		}
	}
	for target, value := range map[*[]byte]string{
		&config.TLSConfig.CAPem:   c.CAPem,
		&config.TLSConfig.CertPEM: c.CertPem,
		&config.TLSConfig.KeyPEM:  c.KeyPem,
	} {
		if value != "" {
			*target = []byte(value)
		}
	}
	config.TLSConfig.InsecureSkipVerify = config.TLSConfig.InsecureSkipVerify || c.InsecureHTTPS
	if user, password, ok := strings.Cut(c.HTTPAuth, ":"); c.HTTPAuth != "" {
		config.HttpAuth = &api.HttpBasicAuth{Username: user}
		if ok {
			config.HttpAuth.Password = password
		}
	}
	client, err := api.NewClient(config)
	c.client = client
	return err
}

func client(ctx context.Context) *api.Client {
	return infer.GetConfig[Config](ctx).client
}

// datacenterOf is the one named, else that of the provider, else that of the
// agent which answers.
func datacenterOf(ctx context.Context, named *string) (string, error) {
	if named != nil && *named != "" {
		return *named, nil
	}
	if configured := infer.GetConfig[Config](ctx).Datacenter; configured != "" {
		return configured, nil
	}
	self, err := client(ctx).Agent().Self()
	if err != nil {
		return "", err
	}
	name, _ := self["Config"]["Datacenter"].(string)
	return name, nil
}
