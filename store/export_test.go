package store

// Seal is what a bucket keeps of a body.
func Seal(bucket, key string, body []byte) []byte { return seal([]byte(bucket), []byte(key), body) }
