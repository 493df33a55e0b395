package server

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// traced makes a span of each request of the interface, in the trace that its
// traceparent names. It says the route and never the address or the query, in
// which people's words may stand. Without a tracer it is not in the way at all.
func (s *Server) traced(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		route := c.Path()
		if !strings.HasPrefix(route, "/api/v1/") {
			return next(c) // the app's files, and who asks whether all is well
		}
		r := c.Request()
		ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, span := s.tracer.Start(ctx, r.Method+" "+route, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
			attribute.String("http.request.method", r.Method),
			attribute.String("http.route", route),
			attribute.String("tutti.request", requestID(c))))
		defer span.End()
		if id := c.Param("id"); strings.HasPrefix(route, "/api/v1/documents/:id") && documentID.MatchString(id) {
			span.SetAttributes(attribute.String("tutti.document", id))
		}
		c.SetRequest(r.WithContext(ctx))
		err := next(c)
		status := c.Response().Status
		span.SetAttributes(attribute.Int("http.response.status_code", status))
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		return err
	}
}

// ids name a request in a log line: by its own id, and that of its trace if it
// has one.
func ids(c echo.Context) slog.Attr {
	return idsOf(requestID(c), trace.SpanFromContext(c.Request().Context()))
}

func idsOf(request string, span trace.Span) slog.Attr {
	if span == nil || !span.SpanContext().IsValid() {
		return slog.String("request", request)
	}
	return slog.Group("", "request", request, "trace", span.SpanContext().TraceID().String())
}

// begin begins the span of a socket, from the handshake to the close. Until
// there is another word for it, the connection broke: 1006.
func (k *socket) begin(r *http.Request, document string) {
	if k.server.tracer == nil {
		return
	}
	_, k.span = k.server.tracer.Start(r.Context(), "session", trace.WithAttributes(
		attribute.String("tutti.request", k.request), attribute.Int("tutti.close", 1006)))
	if documentID.MatchString(document) {
		k.span.SetAttributes(attribute.String("tutti.document", document))
	}
}

// ends says by which code a socket was closed, and by whom.
func (k *socket) ends(code int, by string) {
	if k.span != nil {
		k.span.SetAttributes(attribute.Int("tutti.close", code), attribute.String("tutti.closed_by", by))
	}
}

// ids name a socket in a log line, by its handshake.
func (k *socket) ids() slog.Attr { return idsOf(k.request, k.span) }
