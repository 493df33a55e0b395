package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// tracesWithin is how long a stop waits for the last traces to be taken.
const tracesWithin = 3 * time.Second

// traces makes the tracer, nil unless an endpoint is named, by a flag or as
// OpenTelemetry has it. All else is set by its environment variables: headers,
// certificates, the sampler, the name of the service.
func (c *serve) traces(log *slog.Logger) (_ trace.Tracer, end func(), err error) {
	var options []otlptracehttp.Option
	switch to := c.OTLPEndpoint; {
	case to != nil && (to.Host == "" || to.Scheme != "http" && to.Scheme != "https"):
		return nil, nil, fmt.Errorf("--otlp-endpoint %s: give it as http://127.0.0.1:4318", to.Redacted())
	case to != nil:
		options = append(options, otlptracehttp.WithEndpointURL(to.JoinPath("v1", "traces").String())) // below it, as OpenTelemetry has it
	case os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT")+os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") == "":
		return nil, func() {}, nil
	}
	ctx := context.Background()
	exporter, err := otlptracehttp.New(ctx, options...)
	if err != nil {
		return nil, nil, err
	}
	service, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "tutti")), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, nil, err
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces could not be sent", "error", err) }))
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(service))
	return provider.Tracer("tutti"), func() {
		ctx, cancel := context.WithTimeout(ctx, tracesWithin)
		defer cancel()
		if err := provider.Shutdown(ctx); err != nil {
			log.Warn("the last traces could not be sent", "error", err) // which is no reason to fail
		}
	}, nil
}
