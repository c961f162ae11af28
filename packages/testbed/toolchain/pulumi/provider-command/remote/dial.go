package remote

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/retry"
	"golang.org/x/crypto/ssh"
)

// dial logs in, through the bastion if there is one. A bastion's client lives as
// long as the connection through it, so nothing closes it here.
func (c *Connection) dial(ctx context.Context) (*ssh.Client, error) {
	config, err := c.clientConfig()
	if err != nil {
		return nil, err
	}
	limit := valueOr(c.DialErrorLimit, defaultDialErrorLimit)
	if c.Proxy == nil {
		return retryDial(ctx, "Dial", limit, func() (*ssh.Client, error) {
			return ssh.Dial("tcp", c.address(), config)
		})
	}
	client, err := c.dialThroughProxy(ctx, config, limit)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	return client, nil
}

func (c *Connection) dialThroughProxy(ctx context.Context, config *ssh.ClientConfig, limit int) (*ssh.Client, error) {
	proxyConfig, err := c.Proxy.clientConfig()
	if err != nil {
		return nil, err
	}
	proxyLimit := valueOr(c.Proxy.DialErrorLimit, defaultDialErrorLimit)
	proxy, err := retryDial(ctx, "Dial proxy", proxyLimit, func() (*ssh.Client, error) {
		return ssh.Dial("tcp", c.Proxy.address(), proxyConfig)
	})
	if err != nil {
		return nil, err
	}
	tunnel, err := retryDial(ctx, "Dial from proxy", limit, func() (net.Conn, error) {
		return proxy.Dial("tcp", c.address())
	})
	if err != nil {
		return nil, err
	}
	return retryDial(ctx, "Dial", limit, func() (*ssh.Client, error) {
		conn, channels, requests, err := ssh.NewClientConn(tunnel, c.address(), config)
		if err != nil {
			return nil, err
		}
		return ssh.NewClient(conn, channels, requests), nil
	})
}

// retryDial tries until it works or has failed more than limit times (-1: for
// ever), with growing pauses. A failed login counts like an unreachable host: the
// provider cannot know that a machine is not merely still booting.
func retryDial[T any](ctx context.Context, what string, limit int, try func() (T, error)) (T, error) {
	var result T
	ok, _, err := retry.Until(ctx, retry.Acceptor{
		Accept: func(attempt int, _ time.Duration) (bool, any, error) {
			var err error
			if result, err = try(); err == nil {
				return true, nil, nil
			}
			failures := attempt + 1
			if limit >= 0 && failures > limit {
				return true, nil, fmt.Errorf("after %d failed attempts: %w", attempt, err)
			}
			p.GetLogger(ctx).InfoStatusf("%s %d/%s failed: retrying", what, failures, limitText(limit))
			return false, nil, nil
		},
	})
	if err == nil && !ok {
		err = ctx.Err()
	}
	return result, err
}

func limitText(limit int) string {
	if limit < 0 {
		return "inf"
	}
	return strconv.Itoa(limit)
}
