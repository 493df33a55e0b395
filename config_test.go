package main

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// configured is what tutti config prints, by setting.
func configured(t *testing.T, args ...string) (map[string]string, error) {
	t.Helper()
	ctx, err := parser().Parse(append([]string{"config"}, args...))
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	if err := writeConfig(&out, ctx); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(out.String()) {
		name, rest, _ := strings.Cut(line, ": ")
		all[name] = strings.Join(strings.Fields(rest), " ")
	}
	return all, nil
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAnEndpointOfTracesIsAWholeAddress(t *testing.T) {
	for _, to := range []string{"collector:4318", "grpc://127.0.0.1:4317", "http:4318"} {
		at, err := url.Parse(to)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := (&serve{OTLPEndpoint: at}).traces(nil); err == nil {
			t.Errorf("%s is taken", to)
		}
	}
}

func TestFlagsCountBeforeTheEnvironmentAndThatBeforeTheFile(t *testing.T) {
	for name, content := range map[string]string{
		"settings.yaml": "data: /file\nrate: 1\npack-after: 30m\naccounts: true\nlog-level: warn\ntls-domain: [a.example.org, b.example.org]\ntrusted-proxies: [127.0.0.1/32]\npublic-url: ''\n",
		"settings.json": `{"data": "/file", "rate": 1, "pack-after": "30m", "accounts": true, "log-level": "warn", "tls-domain": ["a.example.org", "b.example.org"], "trusted-proxies": "127.0.0.1/32", "oidc-allow": []}`,
	} {
		path := writeFile(t, name, content)
		t.Setenv("TUTTI_RATE", "2")
		t.Setenv("TUTTI_LOG_LEVEL", "info")
		for how, args := range map[string][]string{"flag": {"--config", path}, "environment": nil} {
			if how == "environment" {
				t.Setenv(configEnv, path)
			}
			got, err := configured(t, append(args, "--log-level", "debug")...)
			if err != nil {
				t.Fatal(err)
			}
			for setting, want := range map[string]string{
				"addr": "127.0.0.1:8080 # the default", "data": "/file # the file", "rate": "2 # TUTTI_RATE", "pack-after": "30m0s # the file", "accounts": "true # the file", "log-level": "debug # --log-level",
				"tls-domain": "[a.example.org, b.example.org] # the file", "trusted-proxies": "[127.0.0.1/32] # the file", "public-url": `"" # the default`, "oidc-allow": "[] # the default",
			} {
				if got[setting] != want {
					t.Errorf("%s by %s: %s is %q, want %q", name, how, setting, got[setting], want)
				}
			}
			os.Unsetenv(configEnv)
		}
	}
}

func TestWhatIsPrintedIsAFileThatIsTaken(t *testing.T) {
	args := []string{"--addr", "127.0.0.1:9", "--tls-domain", "a.example.org,b.example.org", "--embed-from", "https://wiki.example.org", "--public-url", "https://x.example.org", "--open"}
	ctx, err := parser().Parse(append([]string{"config"}, args...))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := writeConfig(&out, ctx); err != nil {
		t.Fatal(err)
	}
	before, err := configured(t, args...)
	if err != nil {
		t.Fatal(err)
	}
	after, err := configured(t, "--config", writeFile(t, "c.yaml", out.String()))
	if err != nil {
		t.Fatal(err)
	}
	for name := range before {
		was, _, _ := strings.Cut(before[name], " #")
		if is, _, _ := strings.Cut(after[name], " #"); is != was {
			t.Errorf("%s was %s, is %s", name, was, is)
		}
	}
}

func TestNoSecretIsPrinted(t *testing.T) {
	t.Setenv("TUTTI_TOKEN", "tutti_hush")
	secret := writeFile(t, "secret", "hush")
	got, err := configured(t, "--host-keys", "https://u:hush@example.org/jwks?key=hush", "--oidc-issuer", "https://u:hush@example.org", "--oidc-secret-file", secret, "--public-url", "https://u:hush@example.org")
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range got {
		if strings.Contains(value, "hush") {
			t.Errorf("%s: %s", name, value)
		}
	}
}

func TestAFileThatCantBeMeantIsRefused(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"misspelt":     {"adr: 127.0.0.1:1", `no setting "adr"`},
		"no list":      {"- a", "c.yaml"},
		"nested":       {"tls:\n  cert: x", "tls: a setting is a word"},
		"no number":    {"rate: fast", "rate"},
		"of a command": {"documents: 5", `no setting "documents"`},
	} {
		if _, err := configured(t, "--config", writeFile(t, "c.yaml", c.content)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	none := filepath.Join(t.TempDir(), "none.yaml")
	if _, err := configured(t, "--config", none); err == nil || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("one that isn't there: %v", err)
	}
}
