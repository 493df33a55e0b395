package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// configEnv names the file where --config doesn't.
const configEnv = "TUTTI_CONFIG"

// settings are those of a server from a file: YAML, or JSON, which is YAML too,
// with the names of the flags. A flag counts before the environment, that
// before the file.
type settings struct {
	path   string
	values map[string]string // nil: not read yet
	err    error             // of reading it
}

// Resolve implements kong.Resolver.
func (s *settings) Resolve(c *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if s.values == nil {
		s.values = map[string]string{}
		s.err = s.read(c)
	}
	// One that is empty is as one that isn't there.
	if value := s.values[flag.Name]; value != "" && inEnvironment(flag) == "" {
		return value, nil
	}
	return nil, nil
}

// Validate implements kong.Resolver: a name that is misspelt must not be as if
// it weren't there.
func (s *settings) Validate(app *kong.Application) error {
	if s.err != nil {
		return s.err
	}
	known := map[string]bool{}
	for _, command := range app.Children {
		if command.Name == "serve" {
			for _, flag := range command.Flags {
				known[flag.Name] = true
			}
		}
	}
	for name := range s.values {
		if !known[name] {
			return fmt.Errorf("%s: there is no setting %q", s.path, name)
		}
	}
	return nil
}

// inEnvironment is the variable that a flag is taken from, "" if from none.
func inEnvironment(flag *kong.Flag) string {
	for _, name := range flag.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return name
		}
	}
	return ""
}

func (s *settings) read(c *kong.Context) error {
	s.path = os.Getenv(configEnv)
	for _, at := range c.Path {
		if at.Flag != nil && at.Flag.Name == "config" {
			s.path, _ = c.FlagValue(at.Flag).(string)
		}
	}
	if s.path == "" {
		return nil
	}
	file, err := os.Open(s.path)
	if err != nil {
		return err
	}
	defer file.Close()
	given := map[string]any{}
	if err := yaml.NewDecoder(file).Decode(&given); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	for name, value := range given {
		if s.values[name], err = spell(value); err != nil {
			return fmt.Errorf("%s: %s: %w", s.path, name, err)
		}
	}
	return nil
}

// spell writes a value as the flag takes it.
func spell(value any) (string, error) {
	switch v := value.(type) {
	case string, int, bool, float64:
		return fmt.Sprint(v), nil
	case []any:
		parts := make([]string, len(v))
		for i, one := range v {
			var err error
			if parts[i], err = spell(one); err != nil {
				return "", err
			}
		}
		return strings.Join(parts, ","), nil
	}
	return "", errors.New("a setting is a word, a number, true or false, or a list of these")
}
