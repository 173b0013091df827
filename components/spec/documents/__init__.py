"""What is generated from the models: the JSON Schema and the reference."""
