package session

import (
	"context"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// What people type is thousands of appends a second, each like the next: one
// of them every appendSpanEvery gets a span, and each that is slow or fails.
const (
	appendSpanEvery = time.Second
	slowAppend      = 100 * time.Millisecond
)

// traceAppend makes a span of an append that is over. The request of a program
// has one for each of its own; the sampler has chosen which requests those are.
func (q *sequencer) traceAppend(batch []*submission, st *stage, began time.Time, took time.Duration, failed error) {
	tracer := q.hub.opts.Tracer
	if tracer == nil {
		return
	}
	wanted := failed != nil || took > slowAppend || q.hub.sample.AllowN(began, 1)
	var links []trace.Link
	for _, sub := range batch {
		if from := sub.from(); from.IsSampled() && (wanted || sub.session == nil) {
			links = append(links, trace.Link{SpanContext: from})
		}
	}
	if !wanted && len(links) == 0 {
		return
	}
	ctx := context.Background()
	if len(links) > 0 {
		ctx = trace.ContextWithSpanContext(ctx, links[0].SpanContext)
		links = links[1:]
	}
	_, span := tracer.Start(ctx, "append", trace.WithTimestamp(began), trace.WithLinks(links...), trace.WithAttributes(
		attribute.String("tutti.document", q.doc.id),
		attribute.Int64("tutti.revision", st.rev()),
		attribute.Int("tutti.records", len(st.entries)),
		attribute.Float64("tutti.queued_seconds", began.Sub(batch[0].queued).Seconds())))
	if failed != nil {
		span.SetStatus(codes.Error, failed.Error())
	}
	span.End(trace.WithTimestamp(began.Add(took)))
}

// from is the span that a submission was made in, invalid if in none.
func (sub *submission) from() trace.SpanContext {
	span := sub.span
	if sub.session != nil {
		span = sub.session.Span
	}
	if span == nil {
		return trace.SpanContext{}
	}
	return span.SpanContext()
}

// trace names the session's trace in a log line; empty, and left out, without.
func (s *Session) trace() slog.Attr {
	if s.Span == nil {
		return slog.Attr{}
	}
	return slog.String("trace", s.Span.SpanContext().TraceID().String())
}
