package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"
)

// configCommand prints the settings that a server would have, as a file that
// --config takes. It takes the flags of serve.
type configCommand struct {
	serve
}

// Run prints no secret: settings name the files that hold them, and the rest of
// an address is left out.
func (c *configCommand) Run(k *kong.Context) error {
	if err := writeConfig(os.Stdout, k); err != nil {
		return err
	}
	return errors.Join(c.checkAddress(), c.checkTLS())
}

func writeConfig(to io.Writer, k *kong.Context) error {
	from := map[string]string{} // by flag: where it was given
	for _, at := range k.Path {
		switch {
		case at.Flag == nil:
		case at.Resolved:
			from[at.Flag.Name] = "the file"
		default:
			from[at.Flag.Name] = "--" + at.Flag.Name
		}
	}
	for _, flag := range k.Selected().Flags {
		why := from[flag.Name]
		if why == "" {
			why = inEnvironment(flag)
		}
		if why == "" {
			why = "the default"
		}
		value, err := settingOf(flag.Target)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(to, "%-50s # %s\n", flag.Name+": "+value, why); err != nil {
			return err
		}
	}
	return nil
}

// settingOf writes the value of a flag as YAML, on one line.
func settingOf(value reflect.Value) (string, error) {
	var plain any
	switch v := value.Interface().(type) {
	case string:
		plain = withoutSecrets(v)
	case *url.URL:
		plain = ""
		if v != nil {
			plain = withoutSecrets(v.String())
		}
	default:
		plain = v
	}
	if value.Kind() == reflect.Slice {
		all := []string{}
		for i := range value.Len() {
			all = append(all, fmt.Sprint(value.Index(i).Interface()))
		}
		plain = all
	}
	var node yaml.Node
	if err := node.Encode(plain); err != nil {
		return "", err
	}
	node.Style = yaml.FlowStyle
	out, err := yaml.Marshal(&node)
	return strings.TrimSpace(string(out)), err
}

// withoutSecrets is an address without its password and query.
func withoutSecrets(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return s
	}
	if u.RawQuery != "" {
		u.RawQuery = "…"
	}
	return u.Redacted()
}
