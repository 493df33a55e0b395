package server

// Contract is the contract in JSON, as it is served.
func Contract() ([]byte, error) { return contractJSON() }
