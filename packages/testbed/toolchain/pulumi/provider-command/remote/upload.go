package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
)

// copy uploads the source over SFTP, and closes the connection.
func (c *CopyInputs) copy(ctx context.Context) error {
	client, err := c.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer client.Close() //nolint:errcheck // everything is written by then
	remote, err := sftp.NewClient(client, sftp.UseConcurrentWrites(true))
	if err != nil {
		return err
	}
	defer remote.Close() //nolint:errcheck // everything is written by then

	up := upload{remote}
	switch asset := c.Source.Asset; {
	case asset != nil && asset.IsText():
		return up.text(asset.Text, c.RemotePath)
	case asset != nil:
		return up.path(asset.Path, c.RemotePath)
	default:
		return up.path(c.Source.Archive.Path, c.RemotePath)
	}
}

type upload struct{ remote *sftp.Client }

func (u upload) text(content, target string) error {
	info, err := u.stat(target)
	if err != nil {
		return err
	}
	if info != nil && info.IsDir() {
		return fmt.Errorf(
			"remote path %s is a directory; when using a text asset, remotePath must be a file path", target)
	}
	return u.write(strings.NewReader(content), target)
}

// path copies a file to the target or into it, a folder into the target (its
// content only, if the source ends in a slash and the target exists).
func (u upload) path(source, target string) error {
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	existing, err := u.stat(target)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		if existing != nil && existing.IsDir() {
			target = path.Join(target, filepath.Base(source))
		}
		return u.file(source, target)
	}
	if !strings.HasSuffix(source, "/") {
		target = path.Join(target, filepath.Base(source))
	}
	return u.folder(source, target)
}

func (u upload) folder(source, target string) error {
	return fs.WalkDir(os.DirFS(source), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return u.makeFolder(path.Join(target, name))
		}
		return u.file(filepath.Join(source, name), path.Join(target, name))
	})
}

func (u upload) makeFolder(target string) error {
	info, err := u.stat(target)
	if err != nil {
		return err
	}
	if info != nil && !info.IsDir() {
		return fmt.Errorf("remote path %s exists but is not a directory", target)
	}
	if info == nil {
		if err := u.remote.MkdirAll(target); err != nil {
			return fmt.Errorf("failed to create remote directory %s: %w", target, err)
		}
	}
	return nil
}

func (u upload) file(source, target string) error {
	local, err := os.Open(source)
	if err != nil {
		return err
	}
	defer local.Close() //nolint:errcheck // only read
	return u.write(local, target)
}

func (u upload) write(content io.Reader, target string) error {
	if parent := path.Dir(target); parent != "." && parent != "/" {
		if err := u.makeFolder(parent); err != nil {
			return err
		}
	}
	remote, err := u.remote.Create(target)
	if err != nil {
		return fmt.Errorf("failed to create remote file %s: %w", target, err)
	}
	if _, err := remote.ReadFrom(content); err != nil {
		remote.Close() //nolint:errcheck // the first error says more
		return fmt.Errorf("failed to copy to remote path %s: %w", target, err)
	}
	return remote.Close()
}

// stat returns nil for what is not there.
func (u upload) stat(target string) (fs.FileInfo, error) {
	info, err := u.remote.Stat(target)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("failed to stat remote path %s: %w", target, err)
	}
	return info, nil
}
