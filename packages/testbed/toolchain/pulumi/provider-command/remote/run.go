package remote

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"
)

// run executes the command over a connection of its own. Only the session is
// closed at the end, the connection stays open for the life of the plugin: so
// does the provider's, which is what a host's sshd has to put up with.
func (c *CommandOutputs) run(ctx context.Context, command string) error {
	client, err := c.Connection.dial(ctx)
	if err != nil {
		return err
	}
	session, err := client.NewSession()
	if err != nil {
		return err
	}
	defer session.Close() //nolint:errcheck // closed already when the command has ended

	if err := c.setEnvironment(ctx, session); err != nil {
		return err
	}
	if stdin := valueOr(c.Stdin, ""); stdin != "" {
		session.Stdin = strings.NewReader(stdin)
	}

	var stdout, stderr bytes.Buffer
	both := &lockedBuffer{}
	logs, logged := logLines(ctx)
	session.Stdout = tee(c.Logging.stdout(), logs, &stdout, both)
	session.Stderr = tee(c.Logging.stderr(), logs, &stderr, both)

	err = session.Run(command)
	logs.Close() //nolint:errcheck // the write end of a pipe, never fails
	<-logged
	if err != nil {
		return fmt.Errorf("%w: running %q:\n%s", err, command, both.String())
	}
	c.Stdout = strings.TrimSuffix(stdout.String(), "\n")
	c.Stderr = strings.TrimSuffix(stderr.String(), "\n")
	return nil
}

// setEnvironment fails for what the user asked for, and only warns for the
// previous outputs, when sshd has no AcceptEnv for a variable.
func (c *CommandOutputs) setEnvironment(ctx context.Context, session *ssh.Session) error {
	const hint = "Unable to set '%s'. This works only if the SSH server accepts the variable (AcceptEnv)."
	for name, value := range c.Environment {
		if err := session.Setenv(name, value); err != nil {
			p.GetLogger(ctx).Errorf(hint, name)
			return fmt.Errorf("could not set environment variable %q: %w", name, err)
		}
	}
	if !valueOr(c.AddPreviousOutputInEnv, true) {
		return nil
	}
	for name, value := range map[string]string{
		"PULUMI_COMMAND_STDOUT": c.Stdout,
		"PULUMI_COMMAND_STDERR": c.Stderr,
	} {
		if value == "" {
			continue
		}
		if err := session.Setenv(name, value); err != nil {
			p.GetLogger(ctx).Warningf(hint, name)
		}
	}
	return nil
}

func tee(logged bool, logs io.Writer, writers ...io.Writer) io.Writer {
	if logged {
		writers = append(writers, logs)
	}
	return io.MultiWriter(writers...)
}

// logLines shows what is written to it, line by line, as the resource's status.
func logLines(ctx context.Context) (io.WriteCloser, <-chan struct{}) {
	reader, writer := io.Pipe()
	done := make(chan struct{})
	go func() {
		defer close(done)
		lines := bufio.NewScanner(reader)
		for lines.Scan() {
			p.GetLogger(ctx).InfoStatus(lines.Text())
		}
		// A line too long to show must not block the command.
		io.Copy(io.Discard, reader) //nolint:errcheck // nothing to do about it
	}()
	return writer, done
}

// lockedBuffer takes the two outputs, which arrive from two goroutines.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(data)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
