"""What a stack file may say: one model for each mapping, with every default."""
