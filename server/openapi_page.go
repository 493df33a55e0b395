package server

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"tutti/server/formats"
)

//go:embed openapi.html
var contractTemplate string

// The parts of the contract that its page shows.
type contract struct {
	Info       struct{ Title, Description string }
	Tags       []struct{ Name, Description string }
	Paths      yaml.Node // a mapping, read in its order
	Components struct {
		Parameters map[string]contractParameter
		Responses  map[string]contractAnswer
		Schemas    map[string]any
	}
}

type contractParameter struct {
	Ref                   string `yaml:"$ref"`
	Name, In, Description string
	Required              bool
}

type contractAnswer struct {
	Ref         string `yaml:"$ref"`
	Description string
	Content     map[string]struct{ Example any }
}

type contractCall struct {
	Method, Path         string
	Tags                 []string
	OperationID          string `yaml:"operationId"`
	Summary, Description string
	Parameters           []contractParameter
	RequestBody          *contractAnswer           `yaml:"requestBody"`
	Responses            map[string]contractAnswer // by status
}

// contractPage is the contract for people: a plain page, made once.
var contractPage = sync.OnceValues(func() ([]byte, error) {
	var c contract
	if err := yaml.Unmarshal(contractYAML, &c); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	calls, err := c.calls()
	if err != nil {
		return nil, err
	}
	t, err := template.New("contract").Funcs(template.FuncMap{"markdown": markdownOf, "json": jsonOf, "lower": strings.ToLower}).Parse(contractTemplate)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = t.Execute(&page, map[string]any{"Contract": c, "Calls": calls})
	return page.Bytes(), err
})

// calls returns all calls by their tag, in the order of the file.
func (c *contract) calls() (map[string][]contractCall, error) {
	all := map[string][]contractCall{}
	for i := 0; i+1 < len(c.Paths.Content); i += 2 {
		path, item := c.Paths.Content[i].Value, c.Paths.Content[i+1]
		var shared struct{ Parameters []contractParameter }
		if err := item.Decode(&shared); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for j := 0; j+1 < len(item.Content); j += 2 {
			method := item.Content[j].Value
			if method == "parameters" {
				continue
			}
			call := contractCall{Method: strings.ToUpper(method), Path: path}
			if err := item.Content[j+1].Decode(&call); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, path, err)
			}
			call.Parameters = slices.Concat(shared.Parameters, call.Parameters)
			c.resolve(&call)
			all[call.Tags[0]] = append(all[call.Tags[0]], call)
		}
	}
	return all, nil
}

// resolve puts what references name in their place.
func (c *contract) resolve(call *contractCall) {
	for i, p := range call.Parameters {
		if name, ok := strings.CutPrefix(p.Ref, "#/components/parameters/"); ok {
			call.Parameters[i] = c.Components.Parameters[name]
		}
	}
	for _, status := range slices.Collect(maps.Keys(call.Responses)) {
		if name, ok := strings.CutPrefix(call.Responses[status].Ref, "#/components/responses/"); ok {
			call.Responses[status] = c.Components.Responses[name]
		}
	}
}

// markdownOf shows a description of the contract.
func markdownOf(s string) (template.HTML, error) {
	page, err := formats.RenderMarkdown([]byte(s))
	return template.HTML(page), err
}

func jsonOf(v any) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	b, err := json.MarshalIndent(v, "", "  ")
	return string(b), err
}
