package server_test

import (
	"testing"

	"go.uber.org/goleak"
)

// Bleve starts the workers of its analysis when the program starts, for good.
const bleveWorker = "github.com/blevesearch/bleve_index_api.AnalysisWorker"

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction(bleveWorker)) }
