package hooks

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// sign puts the headers of Standard Webhooks on a delivery: its name, the time,
// and for each key an HMAC-SHA256 over both and the body.
func sign(to http.Header, keys [][]byte, id string, at time.Time, body []byte) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	var signatures []string
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + timestamp + "."))
		mac.Write(body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	to.Set("webhook-id", id)
	to.Set("webhook-timestamp", timestamp)
	to.Set("webhook-signature", strings.Join(signatures, " "))
}
