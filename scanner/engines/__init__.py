"""Engines that evaluate Rego: `embedded` (regorus, in worker processes) and `opa` (an OPA server)."""
