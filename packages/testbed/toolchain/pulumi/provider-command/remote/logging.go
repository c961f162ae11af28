package remote

import "github.com/pulumi/pulumi-go-provider/infer"

// Logging says what of a command's output is shown while it runs. Both outputs
// are captured in any case.
type Logging string

const (
	logStdout          Logging = "stdout"
	logStderr          Logging = "stderr"
	logStdoutAndStderr Logging = "stdoutAndStderr"
	logNone            Logging = "none"
)

// Values lists them for the schema.
func (Logging) Values() []infer.EnumValue[Logging] {
	return []infer.EnumValue[Logging]{
		{Name: string(logStdout), Value: logStdout},
		{Name: string(logStderr), Value: logStderr},
		{Name: string(logStdoutAndStderr), Value: logStdoutAndStderr},
		{Name: string(logNone), Value: logNone},
	}
}

func (l *Logging) stdout() bool { return l == nil || *l == logStdout || *l == logStdoutAndStderr }
func (l *Logging) stderr() bool { return l == nil || *l == logStderr || *l == logStdoutAndStderr }
